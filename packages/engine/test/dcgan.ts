/**
 * DCGAN (Radford, Metz and Chintala, 2016) as PyTorch's tutorial has it: the model of the engine's
 * whole-step tests and of bench/engine. 64x64 images in [-1, 1], NHWC; filters HWIO.
 */
import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import {
  adam,
  batchNormalization,
  createRandom,
  type HostTensor,
  type Random,
  type Tree,
  tf,
  valueAndGradients,
} from '../src/index.ts';

export interface DcganSize {
  readonly latent: number;
  readonly width: number;
  readonly batch: number;
}

const EPSILON = 1e-5;
const SLOPE = 0.2;
type Pad = number;
type Block = { readonly weight: Tensor; readonly scale?: Tensor; readonly offset?: Tensor };

function normal(random: Random, shape: number[], mean: number, deviation: number): HostTensor {
  const data = random.normal(shape.reduce((a, b) => a * b, 1)).map((x) => mean + deviation * x);
  return { shape, dtype: 'float32', data };
}

const zeros = (length: number): HostTensor => ({
  shape: [length],
  dtype: 'float32',
  data: new Float32Array(length),
});

function block(random: Random, shape: number[], channels: number | undefined) {
  const weight = normal(random, shape, 0, 0.02);
  if (channels === undefined) return { weight };
  return { weight, scale: normal(random, [channels], 1, 0.02), offset: zeros(channels) };
}

function initialParams(random: Random, { latent, width: w }: DcganSize) {
  const up = (from: number, to: number, bn = true) =>
    block(random, [4, 4, to, from], bn ? to : undefined);
  const down = (from: number, to: number, bn = true) =>
    block(random, [4, 4, from, to], bn ? to : undefined);
  return {
    generator: {
      project: up(latent, 8 * w),
      up1: up(8 * w, 4 * w),
      up2: up(4 * w, 2 * w),
      up3: up(2 * w, w),
      image: up(w, 3, false),
    },
    discriminator: {
      down1: down(3, w, false),
      down2: down(w, 2 * w),
      down3: down(2 * w, 4 * w),
      down4: down(4 * w, 8 * w),
      judge: down(8 * w, 1, false),
    },
  };
}

type Blocks = Readonly<Record<string, Block>>;

/** Batch normalization over N, H and W with the batch's own statistics. */
function normalize(x: Tensor4D, { scale, offset }: Block): Tensor4D {
  if (scale === undefined || offset === undefined) return x;
  return batchNormalization(x, scale, offset, EPSILON).y;
}

function upsample(x: Tensor4D, layer: Block, stride: number, pad: Pad): Tensor4D {
  const [n, h] = x.shape;
  const [size, , channels] = layer.weight.shape as [number, number, number];
  const edge = (h - 1) * stride + size - 2 * pad;
  return tf.conv2dTranspose(x, layer.weight as Tensor4D, [n, edge, edge, channels], stride, pad);
}

/** latent [N, 1, 1, nz] -> images [N, 64, 64, 3] */
function generate(params: Blocks, latent: Tensor4D): Tensor4D {
  const { project, up1, up2, up3, image } = params as Record<string, Block>;
  let x = tf.relu(normalize(upsample(latent, project as Block, 1, 0), project as Block));
  for (const layer of [up1, up2, up3] as Block[]) {
    x = tf.relu(normalize(upsample(x, layer, 2, 1), layer));
  }
  return tf.tanh(upsample(x, image as Block, 2, 1));
}

/** images [N, 64, 64, 3] -> logits [N] */
function discriminate(params: Blocks, images: Tensor4D): Tensor {
  const { down1, down2, down3, down4, judge } = params as Record<string, Block>;
  let x = images;
  for (const layer of [down1, down2, down3, down4] as Block[]) {
    x = tf.leakyRelu(normalize(tf.conv2d(x, layer.weight as Tensor4D, 2, 1), layer), SLOPE);
  }
  return tf.reshape(tf.conv2d(x, (judge as Block).weight as Tensor4D, 1, 0), [-1]);
}

/** PyTorch's BCELoss bounds a logarithm from below, and the divisor of its gradient. */
const LOWEST_LOGARITHM = -100;
const LEAST_DIVISOR = 1e-12;

/**
 * Binary cross entropy with labels all 1 or all 0, of the sigmoid of logits [N], as BCELoss computes it: where the
 * sigmoid saturates (logits beyond 27) the gradient vanishes, which that of softplus does not.
 */
const crossEntropy = (logits: Tensor, label: 0 | 1): Scalar =>
  tf.customGrad((x, save) => {
    const p = tf.sigmoid(x as Tensor);
    (save as (tensors: Tensor[]) => void)([p]);
    const logarithm = label === 1 ? tf.log(p) : tf.log1p(tf.neg(p));
    return {
      value: tf.neg(tf.mean(tf.maximum(logarithm, LOWEST_LOGARITHM))),
      gradFunc: (dy: Tensor, [saved]: Tensor[]) => {
        const probability = saved as Tensor;
        const slope = tf.mul(probability, tf.sub(1, probability));
        const each = tf.div(
          tf.mul(tf.sub(probability, label), slope),
          tf.maximum(slope, LEAST_DIVISOR),
        );
        return tf.mul(each, tf.div(dy, probability.size));
      },
    };
  })(logits) as Scalar;

const optimizer = adam({ learningRate: 2e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 });

export function initialState(size: DcganSize, seed: number | string = 1) {
  const params = initialParams(createRandom(seed), size);
  return {
    ...params,
    generatorSlots: optimizer.init(params.generator),
    discriminatorSlots: optimizer.init(params.discriminator),
  };
}

export type DcganState = ReturnType<typeof initialState>;

/** One step: discriminator on real and fake images, then generator against the new discriminator. */
export function step(state: Tree<Tensor>, batch: { images: Tensor; latent: Tensor }) {
  const { generator, discriminator, generatorSlots, discriminatorSlots } = state as never as Record<
    string,
    Blocks
  >;
  const latent = batch.latent as Tensor4D;
  const fake = generate(generator as Blocks, latent);
  const d = valueAndGradients(
    (params) =>
      tf.add(
        crossEntropy(discriminate(params as Blocks, batch.images as Tensor4D), 1),
        crossEntropy(discriminate(params as Blocks, fake), 0),
      ) as Scalar,
    discriminator as Tree<Tensor>,
  );
  const updatedD = optimizer.update(
    d.gradients,
    discriminatorSlots as Tree<Tensor>,
    discriminator as Tree<Tensor>,
  );
  const g = valueAndGradients(
    (params) =>
      crossEntropy(discriminate(updatedD.params as Blocks, generate(params as Blocks, latent)), 1),
    generator as Tree<Tensor>,
  );
  const updatedG = optimizer.update(
    g.gradients,
    generatorSlots as Tree<Tensor>,
    generator as Tree<Tensor>,
  );
  return {
    state: {
      generator: updatedG.params,
      discriminator: updatedD.params,
      generatorSlots: updatedG.slots,
      discriminatorSlots: updatedD.slots,
    },
    outputs: { discriminatorLoss: d.value, generatorLoss: g.value },
    gradients: { generator: g.gradients, discriminator: d.gradients },
  };
}

export function batchSpec({ batch, latent }: DcganSize) {
  return {
    images: { shape: [batch, 64, 64, 3], dtype: 'float32' as const },
    latent: { shape: [batch, 1, 1, latent], dtype: 'float32' as const },
  };
}

export function drawBatch(random: Random, { batch, latent }: DcganSize) {
  return {
    images: random.uniform(batch * 64 * 64 * 3, -1, 1),
    latent: random.normal(batch * latent),
  };
}
