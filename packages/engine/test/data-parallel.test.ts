/** Training with the batch divided among replicas. */
import { describe, expect, test } from '@jest/globals';
import type { Scalar, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import {
  adam,
  batchNormalization,
  type CompileOptions,
  compileParallel,
  compileStep,
  createRandom,
  flattenTree,
  type HostTensor,
  NonFiniteError,
  type Tree,
  tf,
  valueAndGradients,
} from '../src/index.ts';

const SIZE = 8;
const CLASSES = 3;

/** A small convolutional network: 8x8 images to 3 classes, with batch normalization if asked for. */
function logitsOf(params: Tree<Tensor>, images: Tensor4D, isNormalized: boolean): Tensor2D {
  const { filter, scale, offset, dense } = params as Record<string, Tensor>;
  let x: Tensor4D = tf.conv2d(images, filter as Tensor4D, 2, 1); // [B, 4, 4, 8]
  if (isNormalized) x = batchNormalization(x, scale as Tensor, offset as Tensor).y;
  // Smooth: at a kink, rounding alone can turn one element's gradient.
  const flat = tf.reshape(tf.tanh(x), [images.shape[0], 4 * 4 * 8]);
  return tf.matMul(flat as Tensor2D, dense as Tensor2D);
}

function initialParams() {
  const random = createRandom('weights');
  const normal = (shape: number[], deviation: number): HostTensor => ({
    shape,
    dtype: 'float32',
    data: random.normal(shape.reduce((a, b) => a * b, 1)).map((x) => deviation * x),
  });
  const constant = (value: number): HostTensor => ({
    shape: [8],
    dtype: 'float32',
    data: new Float32Array(8).fill(value),
  });
  return {
    filter: normal([4, 4, 2, 8], 0.2),
    scale: constant(1),
    offset: constant(0),
    dense: normal([4 * 4 * 8, CLASSES], 0.1),
  };
}

const optimizer = adam({ learningRate: 0.01 });
const initialState = () => {
  const params = initialParams();
  return { params, slots: optimizer.init(params) };
};
const batchSpec = (count: number) => ({
  images: { shape: [count, SIZE, SIZE, 2], dtype: 'float32' as const },
  labels: { shape: [count, CLASSES], dtype: 'float32' as const },
});

const createTraining = (isNormalized: boolean) => ({
  gradients(params: unknown, share: unknown) {
    const { images, labels } = share as { images: Tensor4D; labels: Tensor };
    const { value, gradients } = valueAndGradients(
      (p) => {
        const logits = logitsOf(p, images, isNormalized);
        return tf.neg(tf.mean(tf.sum(tf.mul(labels, tf.logSoftmax(logits)), 1))) as Scalar;
      },
      params as Tree<Tensor>,
    );
    return { gradients, outputs: { loss: value } };
  },
  update(state: unknown, gradients: unknown) {
    const { params, slots } = state as Record<string, Tree<Tensor>>;
    return optimizer.update(
      gradients as Tree<Tensor>,
      slots as Tree<Tensor>,
      params as Tree<Tensor>,
    );
  },
});

/** Examples for `steps` batches of `count`. */
function drawBatches(steps: number, count: number) {
  const random = createRandom('examples');
  return Array.from({ length: steps }, () => ({
    images: random.normal(count * SIZE * SIZE * 2),
    labels: Float32Array.from({ length: count * CLASSES }).map((_, i) =>
      Number(i % CLASSES === Math.floor(i / CLASSES) % CLASSES),
    ),
  }));
}

type Batch = ReturnType<typeof drawBatches>[number];

/** Equal shares, in order. */
function shareOut({ images, labels }: Batch, replicas: number) {
  const part = (data: Float32Array, index: number) => {
    const length = data.length / replicas;
    return data.subarray(index * length, (index + 1) * length);
  };
  return Array.from({ length: replicas }, (_, index) => ({
    images: part(images, index),
    labels: part(labels, index),
  }));
}

async function trainParallel(
  replicas: number,
  batches: readonly Batch[],
  isNormalized: boolean,
  options: CompileOptions = {},
) {
  const count = (batches[0] as Batch).labels.length / CLASSES;
  const training = await compileParallel(
    createTraining(isNormalized),
    { state: initialState(), batch: batchSpec(count / replicas) },
    { ...options, replicas },
  );
  const losses: number[][] = [];
  for (const batch of batches) {
    const outputs = await training.run(shareOut(batch, replicas));
    losses.push(outputs.map(({ loss }) => loss?.data[0] as number));
  }
  const state = await training.readState();
  await training.dispose();
  return { losses, state: flattenTree<HostTensor>(state as never) };
}

/** The same training as one step on one device, without anything of data-parallel.ts. */
async function trainWhole(batches: readonly Batch[], shares: number, isNormalized: boolean) {
  const count = (batches[0] as Batch).labels.length / CLASSES / shares;
  const { gradients, update } = createTraining(isNormalized);
  const names = Array.from({ length: shares }, (_, i) => `share${i}`);
  const compiled = await compileStep(
    (state, batch) => {
      const all = names.map(
        (name) =>
          gradients(state.params, (batch as unknown as Record<string, unknown>)[name]).gradients,
      );
      const mean = Object.fromEntries(
        Object.keys(all[0] ?? {}).map((key) => [
          key,
          tf.div(tf.addN(all.map((g) => g[key] as Tensor)), shares),
        ]),
      );
      return { state: update(state, mean), outputs: {} };
    },
    {
      state: initialState() as Tree<HostTensor>,
      batch: Object.fromEntries(names.map((name) => [name, batchSpec(count)])),
    },
    { inProcess: true, threads: 1 },
  );
  for (const batch of batches) {
    const parts = shareOut(batch, shares);
    await compiled.run(Object.fromEntries(names.map((name, i) => [name, parts[i] as Batch])));
  }
  const state = flattenTree<HostTensor>(await compiled.readState());
  await compiled.dispose();
  return state;
}

/** Largest |a - b| / |b| of all tensors, in the Euclidean norm. */
function relativeDistance(
  ours: Record<string, HostTensor>,
  theirs: Record<string, HostTensor>,
): number {
  const norm = (data: ArrayLike<number>) => Math.hypot(...Array.from(data));
  return Math.max(
    ...Object.entries(theirs).map(([name, { data }]) => {
      const difference = Array.from(data, (x, i) => x - (ours[name]?.data[i] ?? NaN));
      return norm(difference) / Math.max(norm(data), 1e-12);
    }),
  );
}

const STEPS = 10;

describe('N replicas with shares of B examples', () => {
  test.each([2, 4])(
    '%i on worker threads equal one with the whole batch, up to rounding',
    async (replicas) => {
      const batches = drawBatches(STEPS, 16);
      const { state, losses } = await trainParallel(replicas, batches, false, { threads: 1 });
      const whole = await trainWhole(batches, 1, false);
      expect(losses.at(-1)).toHaveLength(replicas);
      expect(relativeDistance(state, whole)).toBeLessThan(1e-5);
    },
  );

  test('with batch normalization they equal the mean of N batches, each with its own statistics', async () => {
    const batches = drawBatches(STEPS, 16);
    const { state } = await trainParallel(2, batches, true, { threads: 1 });
    expect(relativeDistance(state, await trainWhole(batches, 2, true))).toBeLessThan(1e-5);
    // And not the one batch with common statistics.
    expect(relativeDistance(state, await trainWhole(batches, 1, true))).toBeGreaterThan(1e-3);
  });

  test('repeated, they give the same bits', async () => {
    const batches = drawBatches(4, 8);
    const runs = await Promise.all(
      [1, 2].map(() => trainParallel(2, batches, true, { threads: 1 })),
    );
    expect(runs[0]).toEqual(runs[1]);
  });

  test.each<[string, CompileOptions]>([
    ['onnxruntime on this thread', { inProcess: true, threads: 1 }],
    ['tfjs', { device: 'tfjs' }],
  ])('train alike by %s', async (_name, options) => {
    const batches = drawBatches(2, 8);
    const { state } = await trainParallel(2, batches, false, options);
    expect(relativeDistance(state, await trainWhole(batches, 1, false))).toBeLessThan(1e-4);
  });
});

describe('the state', () => {
  const compile = () =>
    compileParallel(
      createTraining(false),
      { state: initialState(), batch: batchSpec(2) },
      { replicas: 2, inProcess: true, threads: 1 },
    );

  test('that is written reaches the replicas: a training goes on bit for bit', async () => {
    const batches = drawBatches(6, 4);
    const whole = await compile();
    for (const batch of batches) await whole.run(shareOut(batch, 2));
    const first = await compile();
    for (const batch of batches.slice(0, 3)) await first.run(shareOut(batch, 2));
    const second = await compile();
    await second.writeState((await first.readState()) as never);
    for (const batch of batches.slice(3)) await second.run(shareOut(batch, 2));
    expect(await second.readState()).toEqual(await whole.readState());
    for (const training of [whole, first, second]) await training.dispose();
  });

  test('is kept when a share holds no number; replica and tensor are named', async () => {
    const training = await compile();
    const shares = shareOut(drawBatches(1, 4)[0] as Batch, 2);
    await training.run(shares);
    const before = await training.readState();
    const images = (shares[1] as Batch).images.slice().fill(Number.NaN, 3, 4);
    const failing = training.run([shares[0] as Batch, { ...(shares[1] as Batch), images }]);
    await expect(failing).rejects.toThrow(NonFiniteError);
    await expect(failing).rejects.toMatchObject({ step: 2, tensor: 'replica 1: share.images' });
    expect(await training.readState()).toEqual(before);
    await training.dispose();
  });
});

describe('what does not fit is refused', () => {
  const compile = (changed: object, replicas = 2) =>
    compileParallel(
      { ...createTraining(false), ...changed },
      { state: initialState(), batch: batchSpec(2) },
      { replicas, inProcess: true, threads: 1 },
    );

  test('another number of shares', async () => {
    const training = await compile({});
    await expect(training.run(shareOut(drawBatches(1, 2)[0] as Batch, 1))).rejects.toThrow(
      /expected 2 shares but got 1/,
    );
    await training.dispose();
  });

  test('no replica', () => expect(compile({}, 0)).rejects.toThrow(/at least one replica, got 0/));

  test('gradients without that of a parameter', () =>
    expect(compile({ gradients: () => ({ gradients: {}, outputs: {} }) })).rejects.toThrow(
      /The gradient of 'filter': expected float32\[4, 4, 2, 8\] but got none/,
    ));
});
