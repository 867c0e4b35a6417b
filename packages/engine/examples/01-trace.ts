// What a function becomes: its program, as text.
import { printTrace, tf } from '@deepstyle/engine';

const weight = { shape: [3, 2], dtype: 'float32' as const, data: new Float32Array(6) };
const program = printTrace(({ weight }, { x }) => ({ y: tf.relu(tf.matMul(x, weight)) }), {
  params: { weight },
  inputs: { x: { shape: [4, 3], dtype: 'float32' as const } },
});
console.log(program);
