/** Nothing is left behind: neither by a step, nor by a compiled step that was disposed. */
import { expect, test } from '@jest/globals';
import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import {
  adam,
  type CompileOptions,
  compileFunction,
  compileStep,
  createRandom,
  type HostTensor,
  type Tree,
  tf,
  valueAndGradients,
} from '../src/index.ts';

const random = createRandom(1);
const draw = (...shape: number[]): HostTensor => ({
  shape,
  dtype: 'float32',
  data: random.normal(shape.reduce((a, b) => a * b, 1)),
});

const optimizer = adam({ learningRate: 0.1 });
const initial = { filter: draw(3, 3, 1, 2) };
const spec = {
  state: { params: initial as Tree<HostTensor>, slots: optimizer.init(initial) },
  batch: { x: { shape: [1, 4, 4, 1], dtype: 'float32' as const } },
};

/** A convolution that is trained to give zeros. */
function step(state: unknown, { x }: { readonly x: Tensor }) {
  const { params, slots } = state as Record<'params' | 'slots', Tree<Tensor>>;
  const { value, gradients } = valueAndGradients(
    ({ filter }) =>
      tf.mean(tf.square(tf.conv2d(x as Tensor4D, filter as Tensor4D, 1, 1))) as Scalar,
    params,
  );
  return { state: { ...optimizer.update(gradients, slots, params) }, outputs: { loss: value } };
}

/** The same with a tensor that the loss has made on its way. */
function stepWithAux(state: unknown, { x }: { readonly x: Tensor }) {
  const { params, slots } = state as Record<'params' | 'slots', Tree<Tensor>>;
  const { aux, gradients } = valueAndGradients(({ filter }) => {
    const features = tf.conv2d(x as Tensor4D, filter as Tensor4D, 1, 1);
    return { value: tf.mean(tf.square(features)) as Scalar, aux: { largest: tf.max(features) } };
  }, params);
  return { state: { ...optimizer.update(gradients, slots, params) }, outputs: { ...aux } };
}

const ways: [string, CompileOptions][] = [
  ['by onnxruntime', { inProcess: true, threads: 1 }],
  ['by tfjs', { device: 'tfjs' }],
];

const tensors = (): number => tf.engine().state.numTensors;

test.each(ways)('%s, a step leaves as many tensors as there were', async (_name, options) => {
  const outside = tensors();
  const compiled = await compileStep(step, spec, options);
  await compiled.run({ x: draw(1, 4, 4, 1) });
  const after = tensors();
  for (let i = 0; i < 3; i++) {
    await compiled.run({ x: draw(1, 4, 4, 1) });
    expect(tensors()).toBe(after);
  }
  await compiled.readState();
  await compiled.writeState(spec.state);
  expect(tensors()).toBe(after);
  await compiled.dispose();
  expect(tensors()).toBe(outside);
});

test.each(ways)('%s, what a loss brings along outlives it and no step', async (_name, options) => {
  const compiled = await compileStep(stepWithAux, spec, options);
  const x = draw(1, 4, 4, 1);
  const { largest } = await compiled.run({ x });
  const after = tensors();
  const reference = await compileFunction(
    (params, inputs) => ({
      largest: tf.max(tf.conv2d(inputs.x as Tensor4D, params.filter as Tensor4D, 1, 1)),
    }),
    { params: initial, inputs: spec.batch },
    { inProcess: true, threads: 1 },
  );
  const expected = (await reference.run({ x })).largest?.data[0] ?? Number.NaN;
  expect(largest?.data[0]).toBeCloseTo(expected, 5);
  await reference.dispose();
  await compiled.run({ x });
  expect(tensors()).toBe(after);
  await compiled.dispose();
});

test.each(ways)('%s, a step that fails leaves no tensor', async (_name, options) => {
  const compiled = await compileFunction(
    (_, { x }) => ({ y: tf.log(x) }),
    { params: {}, inputs: { x: { shape: [1], dtype: 'float32' } } },
    options,
  );
  const before = tensors();
  await expect(compiled.run({ x: Float32Array.of(-1) })).rejects.toThrow();
  expect(tensors()).toBe(before);
  await compiled.dispose();
});

test('a trace that fails leaves no tensor', async () => {
  const before = tensors();
  const compiling = compileFunction(
    (_, { x }) => ({ y: tf.tensor1d([tf.add(x, 1).dataSync()[0] ?? 0]) }),
    { params: {}, inputs: { x: { shape: [1], dtype: 'float32' } } },
  );
  await expect(compiling).rejects.toThrow();
  expect(tensors()).toBe(before);
});

test('an idle worker does not keep the process alive, and disposing ends it', async () => {
  const ports = () => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort');
  const before = ports().length;
  const compiled = await compileStep(step, spec, { threads: 1 });
  expect(ports()).toHaveLength(before);
  await compiled.dispose();
  expect(ports()).toHaveLength(before);
});
