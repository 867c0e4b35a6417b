/**
 * A discriminator with zero-centered gradient penalties, as R3GAN has them (Huang et al., 2024): the gradient of a loss that
 * has the gradient by the images in it.
 */
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, test } from '@jest/globals';
import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import {
  compileStep,
  type HostTensor,
  type StepOptions,
  type Tree,
  tf,
  valueAndGradients,
} from '../src/index.ts';
import { draw, errorBetween, int32 } from './parity.ts';

type Halve = (x: Tensor4D) => Tensor4D;
type Activate = (x: Tensor4D) => Tensor4D;

const HALVES: Record<string, Halve> = {
  bilinear: (x) => tf.image.resizeBilinear(x, [4, 4], false, true),
  nearest: (x) => tf.image.resizeNearestNeighbor(x, [4, 4]),
  average: (x) => tf.avgPool(x, 2, 2, 'valid'),
  largest: (x) => tf.maxPool(x, 2, 2, 'valid'),
};
const leaky: Activate = (x) => tf.leakyRelu(x, 0.2);
const smooth: Activate = (x) => tf.softplus(x);

interface Network {
  readonly halve: Halve;
  readonly activate: Activate;
}

type Params = Readonly<Record<string, Tensor>>;

/** How much the images of a batch differ, as one more channel. */
function withDeviation(x: Tensor4D): Tensor4D {
  const { variance } = tf.moments(x, 0);
  const deviation = tf.mean(tf.sqrt(tf.add(variance, 1e-8)));
  const [n, height, width] = x.shape;
  return tf.concat([x, tf.mul(tf.ones([n, height, width, 1]), deviation) as Tensor4D], 3);
}

/** images [N, 8, 8, 3], categories [N] -> logits [N] */
function discriminate(p: Params, images: Tensor4D, categories: Tensor, network: Network): Tensor {
  const { activate, halve } = network;
  let x = activate(tf.conv2d(images, p.first as Tensor4D, 1, 'same'));
  x = halve(x); // [N, 4, 4, 4]
  x = tf.add(x, tf.conv2d(activate(x), p.residual as Tensor4D, 1, 'same'));
  x = withDeviation(activate(tf.conv2d(x, p.down as Tensor4D, 2, 1))); // [N, 2, 2, 6]
  const features = tf.matMul(tf.reshape(x, [images.shape[0], -1]), p.dense as Tensor2D); // [N, 5]
  return tf.sum(tf.mul(features, tf.gather(p.table as Tensor2D, categories as Tensor1D)), 1);
}

const params = {
  first: draw([3, 3, 3, 4], 1),
  residual: draw([1, 1, 4, 4], 2),
  down: draw([4, 4, 4, 5], 3),
  dense: draw([24, 5], 4),
  table: draw([3, 5], 5),
};
for (const { data } of Object.values(params))
  for (const i of data.keys()) data[i] = 0.2 * Number(data[i]);

const batchOf = (size: number) => ({
  real: draw([size, 8, 8, 3], 6),
  drawn: draw([size, 8, 8, 3], 7),
  categories: int32(
    [size],
    Array.from({ length: size }, (_, i) => i % 3),
  ),
  direction: Object.fromEntries(
    Object.entries(params).map(([name, { shape }], i) => [name, draw([...shape], 10 + i)]),
  ),
});

type Batch = { readonly [K in 'real' | 'drawn' | 'categories']: Tensor };

/** Relativistic loss, and R1 and R2. */
function lossOf(p: Params, batch: Batch, network: Network): Scalar {
  const judge = (images: Tensor) => discriminate(p, images as Tensor4D, batch.categories, network);
  const penalty = (images: Tensor) => {
    const { gradients } = valueAndGradients((by) => tf.sum(judge(by.images as Tensor)) as Scalar, {
      images,
    });
    return tf.div(tf.sum(tf.square(gradients.images as Tensor)), images.shape[0] as number);
  };
  const lead = tf.sub(judge(batch.real), judge(batch.drawn));
  const penalties = tf.add(penalty(batch.real), penalty(batch.drawn));
  return tf.add(tf.mean(tf.softplus(tf.neg(lead))), tf.mul(penalties, 0.5)) as Scalar;
}

/** The slope of the loss along a direction by its gradient and by the central difference in steps of `h`, in the graph itself. */
const slopes = (network: Network, h: number) => (state: Tree<Tensor>, given: Tree<Tensor>) => {
  const p = state as unknown as Params;
  const batch = given as unknown as Batch & { readonly direction: Params };
  const { gradients } = valueAndGradients((by: Params) => lossOf(by, batch, network), p);
  const along = (by: number) =>
    Object.fromEntries(
      Object.entries(p).map(([name, tensor]) => [
        name,
        tf.add(tensor, tf.mul(batch.direction[name] as Tensor, by)),
      ]),
    );
  const sides = [along(h), along(-h)].map((moved) => lossOf(moved, batch, network));
  const [above, below] = sides as [Scalar, Scalar];
  const products = Object.entries(gradients).map(([name, gradient]) =>
    tf.sum(tf.mul(gradient, batch.direction[name] as Tensor)),
  );
  const difference = tf.div(tf.sub(above, below), 2 * h);
  return { state, outputs: { gradients, slope: tf.addN(products), difference } };
};

async function run(network: Network, size: number, h: number, options: StepOptions) {
  const batch = batchOf(size);
  const spec = { state: params, batch } as never;
  const compiled = await compileStep(slopes(network, h) as never, spec, options);
  try {
    return await compiled.run(batch as never);
  } finally {
    await compiled.dispose();
  }
}

const inDouble: StepOptions = { inProcess: true, threads: 1, precision: 'float64' };
const inSingle: StepOptions = { inProcess: true, threads: 1 };
const number = (outputs: Record<string, HostTensor>, name: string) =>
  Number(outputs[name]?.data[0]);
const gradientsIn = (outputs: Record<string, HostTensor>) =>
  Object.entries(outputs).flatMap(([name, tensor]) =>
    name.startsWith('gradients') ? [tensor] : [],
  );

describe('the gradient of a loss with gradient penalties', () => {
  test.each(['bilinear', 'nearest', 'largest'])('by %s halves equals differences', async (name) => {
    const network = { halve: HALVES[name] as Halve, activate: leaky };
    const outputs = await run(network, 2, 1e-6, inDouble);
    const [slope, difference] = [number(outputs, 'slope'), number(outputs, 'difference')];
    expect(Math.abs(difference)).toBeGreaterThan(0.1);
    expect(Math.abs(slope / difference - 1)).toBeLessThan(1e-6);
  });

  // onnxruntime has no average in double precision, and in single precision the step of a difference crosses kinks.
  test('by averages equals differences', async () => {
    const network = { halve: HALVES.average as Halve, activate: smooth };
    const outputs = await run(network, 2, 2e-3, inSingle);
    const [slope, difference] = [number(outputs, 'slope'), number(outputs, 'difference')];
    expect(Math.abs(difference)).toBeGreaterThan(0.1);
    expect(Math.abs(slope / difference - 1)).toBeLessThan(5e-3);
  });

  test.each<[string, number, StepOptions]>([
    ['the fast convolutions of a whole batch', 16, inSingle],
    ['tfjs', 2, { device: 'tfjs' }],
  ])('is the same by %s', async (_name, size, options) => {
    const network = { halve: HALVES.bilinear as Halve, activate: leaky };
    const exact = gradientsIn(await run(network, size, 1e-6, inDouble));
    expect(exact).toHaveLength(Object.keys(params).length);
    const ours = gradientsIn(await run(network, size, 1e-6, options));
    expect(errorBetween(ours, exact)).toBeLessThan(1e-4);
  });
});
