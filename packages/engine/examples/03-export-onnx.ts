// A function with its weights as an ONNX file for any batch size, run by onnxruntime as anyone would run it.
import { createRandom, exportOnnx, tf } from '@deepstyle/engine';
import * as ort from 'onnxruntime-node';

const weight = {
  shape: [3, 2],
  dtype: 'float32' as const,
  data: createRandom('weights').normal(6),
};
const model = exportOnnx(({ weight }, { x }) => ({ y: tf.softmax(tf.matMul(x, weight)) }), {
  params: { weight },
  inputs: { x: { shape: [1, 3], dtype: 'float32' as const } },
  dynamicBatch: true,
  metadata: { author: 'you' },
});

const session = await ort.InferenceSession.create(model, { logSeverityLevel: 3 });
for (const batch of [1, 4]) {
  const x = new ort.Tensor('float32', new Float32Array(batch * 3).fill(1), [batch, 3]);
  const { y } = await session.run({ x });
  console.log(`[${y?.dims.join(', ')}]`);
}
await session.release();
