/** The program text of small traces, and what cannot be traced. */
import { describe, expect, test } from '@jest/globals';
import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import {
  compileFunction,
  compileStep,
  type HostTensor,
  ImpureStepError,
  printTrace,
  sgd,
  tf,
  UnsupportedKernelError,
  valueAndGradients,
} from '../src/index.ts';

const spec = (...shape: number[]) => ({ shape, dtype: 'float32' as const });
const float32 = (shape: number[]): HostTensor => ({
  shape,
  dtype: 'float32',
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
});

describe('the program text', () => {
  test('of a dense layer: one line per operation, with shapes', () => {
    const text = printTrace(
      ({ w, b }, { x }) => ({ y: tf.relu(tf.add(tf.matMul(x as Tensor2D, w as Tensor2D), b)) }),
      { params: { w: float32([3, 2]), b: float32([2]) }, inputs: { x: spec(4, 3) } },
    );
    expect(text).toMatchInlineSnapshot(`
"input %state.w: float32[3, 2]
input %state.b: float32[2]
input %batch.x: float32[4, 3]
%0: float32[4, 2] = MatMul(%batch.x, %state.w) {transA=false, transB=false}
%1: float32[4, 2] = Add(%0, %state.b)
%2: float32[4, 2] = Relu(%1)
output out.y = %2"
`);
  });

  test('of a gradient: forward, backward and update are one program, without what nothing needs', () => {
    const { update } = sgd({ learningRate: 0.5 });
    const text = printTrace(
      ({ w }, { x }) => {
        const { gradients } = valueAndGradients(
          (p) => tf.sum(tf.square(tf.mul(p.w, x))) as Scalar,
          { w },
        );
        return update(gradients, {}, { w }).params;
      },
      { params: { w: float32([2]) }, inputs: { x: spec(2) } },
    );
    expect(text).toMatchInlineSnapshot(`
"input %state.w: float32[2]
input %batch.x: float32[2]
%0: float32[] = Splat() {value=0.5}
%1: float32[] = Splat() {value=2}
%2: float32[2] = Mul(%state.w, %batch.x)
%3: float32[2] = Mul(%1, %2)
%4: float32[2] = Mul(%3, %batch.x)
%5: float32[2] = Mul(%0, %4)
%6: float32[2] = Sub(%state.w, %5)
output out.w = %6"
`);
  });

  test('has equal expressions once, and no transposes that cancel', () => {
    const text = printTrace(
      (_, { x }) => {
        const twice = tf.transpose(tf.transpose(x));
        return { y: tf.add(tf.exp(twice), tf.exp(x)) };
      },
      { params: {}, inputs: { x: spec(2, 3) } },
    );
    expect(text).toMatchInlineSnapshot(`
"input %batch.x: float32[2, 3]
%0: float32[2, 3] = Exp(%batch.x)
%1: float32[2, 3] = Add(%0, %0)
output out.y = %1"
`);
  });

  test('names uniform constants by their element, and shows the first of others', () => {
    const text = printTrace(
      (_, { x }) => ({ y: tf.mul(tf.add(x, tf.ones([5])), tf.range(0, 5)) }),
      { params: {}, inputs: { x: spec(5) } },
    );
    expect(text).toMatchInlineSnapshot(`
"input %batch.x: float32[5]
%0: float32[] = Splat() {value=1}
%1: float32[5] = Add(%batch.x, %0)
%2: float32[5] = Constant() {data={0, 1, 2, 3, .. 5}}
%3: float32[5] = Mul(%1, %2)
output out.y = %3"
`);
  });

  test('of the optimized graph', () => {
    const text = printTrace(
      ({ w }, { x }) => ({ y: tf.matMul(x as Tensor2D, w as Tensor2D, false, true) }),
      { params: { w: float32([2, 3]) }, inputs: { x: spec(4, 3) } },
      { optimized: true },
    );
    expect(text).toMatchInlineSnapshot(`
"input %state.w: float32[2, 3]
input %batch.x: float32[4, 3]
%0: float32[4, 2] = MatMul(%batch.x, %state.w) {transA=false, transB=true}
output out.y = %0"
`);
  });
});

describe('a function that a graph cannot repeat', () => {
  const state = { w: float32([2]) };
  const batch = { x: spec(2) };
  const compile = (step: (w: tf.Tensor, x: tf.Tensor) => tf.Tensor | number[]) =>
    compileStep(
      ({ w }, { x }) => ({ state: { w: step(w, x) as tf.Tensor }, outputs: {} }),
      { state, batch },
      { inProcess: true },
    );

  test('a random tensor: two traces differ, and the call is named', async () => {
    const step = (w: tf.Tensor) => tf.add(w, tf.randomNormal([2]));
    await expect(compile(step)).rejects.toThrow(ImpureStepError);
    await expect(compile(step)).rejects.toThrow(
      /constant has other elements.*trace\.test\.ts:\d+/s,
    );
  });

  test('a counter outside of it', async () => {
    let calls = 0;
    const step = (w: tf.Tensor) => tf.mul(w, ++calls);
    await expect(compile(step)).rejects.toThrow(/Two traces of the function differ/);
  });

  test('another way every other time', async () => {
    let odd = false;
    const step = (w: tf.Tensor, x: tf.Tensor) => {
      odd = !odd;
      return odd ? tf.add(w, x) : tf.sub(w, x);
    };
    await expect(compile(step)).rejects.toThrow(/Add has no counterpart/);
  });

  test('a tensor from outside: data must come in as state or batch', async () => {
    await import('@tensorflow/tfjs-backend-cpu');
    await tf.setBackend('cpu');
    const outside = tf.tensor1d([1, 2]);
    await expect(compile((w) => tf.add(w, outside))).rejects.toThrow(
      /A tensor made outside the step was used inside it \(at .*trace\.test\.ts:\d+/,
    );
    outside.dispose();
  });

  test('a tensor kept from the trace before', async () => {
    let kept: tf.Tensor | undefined;
    const step = (w: tf.Tensor) => {
      const previous = kept;
      kept = tf.keep(tf.add(w, 1));
      return previous === undefined ? kept : tf.add(previous, 0);
    };
    await expect(compile(step)).rejects.toThrow(ImpureStepError);
  });

  test('the value of a tensor', async () => {
    const step = (w: tf.Tensor) => (w.dataSync()[0] === 0 ? tf.neg(w) : w);
    await expect(compile(step)).rejects.toThrow(
      /The value of a tensor was read \(at .*trace\.test\.ts:\d+/,
    );
  });

  test('the value of a constant that an input has a part in', async () => {
    const step = (w: tf.Tensor) => {
      const sum = tf.add(tf.scalar(1), tf.slice(w, [0], [1]));
      return sum.dataSync()[0] === 0 ? tf.neg(w) : w;
    };
    await expect(compile(step)).rejects.toThrow(/The value of a tensor was read/);
  });

  test('an asynchronous step', async () => {
    const step = async () => ({ state: { w: tf.zeros([2]) }, outputs: {} });
    await expect(compileStep(step as never, { state, batch }, { inProcess: true })).rejects.toThrow(
      /The function is asynchronous/,
    );
  });

  test('a result that is no tensor', async () => {
    await expect(compile(() => [1, 2])).rejects.toThrow(
      /State 'w': expected a tensor but got none/,
    );
  });

  test('a shape that depends on values: no kernel records it', async () => {
    const step = (w: tf.Tensor) => tf.unique(w as tf.Tensor1D).values;
    await expect(compile(step)).rejects.toThrow(UnsupportedKernelError);
    await expect(compile(step)).rejects.toThrow(/'Unique'.*trace\.test\.ts:\d+/s);
  });

  test('after a failed trace, the next one works', async () => {
    await expect(compile((w) => tf.add(w, tf.randomNormal([2])))).rejects.toThrow();
    const compiled = await compile((w, x) => tf.add(w, x));
    await compiled.run({ x: Float32Array.of(1, 2) });
    expect((await compiled.readState()).w.data).toEqual(Float32Array.of(1, 2));
    await compiled.dispose();
  });
});

describe('a size that is open', () => {
  test.each([
    ['-1', -1],
    ['null', null],
    ['half an example', 0.5],
  ])('%s is refused by name', async (_name, size) => {
    const inputs = { images: { shape: [size, 3], dtype: 'float32' } } as never;
    const compiled = compileFunction((_, { images }) => ({ y: images as tf.Tensor }), {
      params: {},
      inputs,
    });
    await expect(compiled).rejects.toThrow(
      /'images' has the shape \[.*, 3\].*every size must be a whole number/s,
    );
  });

  test('a state whose data is shorter than its shape is refused by name', async () => {
    const short = { shape: [3], dtype: 'float32' as const, data: new Float32Array(2) };
    const compiled = compileStep(({ w }) => ({ state: { w }, outputs: {} }), {
      state: { w: short },
      batch: {},
    });
    await expect(compiled).rejects.toThrow(/'w': expected 3 elements but got 2/);
  });
});
