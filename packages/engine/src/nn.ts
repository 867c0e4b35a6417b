import * as tf from '@tensorflow/tfjs-core';
import { saveFrom } from './gradients/gradient.ts';
import { RECORDER } from './recording-backend.ts';

/** Names of the engine's own kernels. */
const FORWARD = 'BatchNormTraining';
const BACKWARD = 'BatchNormGradient';

export interface NormalisedBatch<T extends tf.Tensor> {
  /** Same shape as x. */
  readonly y: T;
  /** Per channel, [C]; no gradient flows through the statistics. */
  readonly mean: tf.Tensor1D;
  /** Biased variance per channel, [C]. */
  readonly variance: tf.Tensor1D;
}

interface Gradients {
  readonly x: tf.Tensor;
  readonly scale: tf.Tensor;
  readonly offset: tf.Tensor;
}

const isRecorded = (): boolean => tf.getBackend() === RECORDER;

const leadingAxes = (x: tf.Tensor): number[] => x.shape.slice(0, -1).map((_, axis) => axis);

type Three = readonly [tf.Tensor, tf.Tensor, tf.Tensor];

const runKernel = (kernel: string, inputs: tf.NamedTensorMap, epsilon: number): Three =>
  tf.engine().runKernel(kernel, inputs, { epsilon }) as [tf.Tensor, tf.Tensor, tf.Tensor];

/** y, mean, variance */
const forward = (x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor, epsilon: number): Three =>
  runKernel(FORWARD, { x, scale, offset }, epsilon);

function statistics(x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor, epsilon: number) {
  if (!isRecorded()) return tf.moments(x, leadingAxes(x));
  // The same node as in the forward pass below: it is recorded once.
  const [, mean, variance] = forward(x, scale, offset, epsilon);
  return { mean, variance };
}

/** By operations that have gradients themselves. */
function plainGradients(
  dy: tf.Tensor,
  x: tf.Tensor,
  scale: tf.Tensor,
  mean: tf.Tensor,
  variance: tf.Tensor,
  epsilon: number,
): Gradients {
  const axes = leadingAxes(x);
  const inverse = tf.rsqrt(tf.add(variance, epsilon));
  const normal = tf.mul(tf.sub(x, mean), inverse);
  const offset = tf.sum(dy, axes);
  const slope = tf.sum(tf.mul(dy, normal), axes);
  const count = x.size / mean.size;
  const centered = tf.sub(tf.sub(dy, tf.div(offset, count)), tf.mul(normal, tf.div(slope, count)));
  return { x: tf.mul(centered, tf.mul(scale, inverse)), scale: slope, offset };
}

function gradients(dy: tf.Tensor, saved: readonly tf.Tensor[], epsilon: number): Gradients {
  const [x, scale, mean, variance] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  if (tf.engine().state.gradientDepth > 0) {
    // This gradient is differentiated itself, by the statistics too.
    const own = tf.moments(x, leadingAxes(x));
    return plainGradients(dy, x, scale, own.mean, own.variance, epsilon);
  }
  if (!isRecorded()) return plainGradients(dy, x, scale, mean, variance, epsilon);
  const inputs = { dy, x, scale, mean, variance };
  const [dx, slope, offset] = runKernel(BACKWARD, inputs, epsilon);
  return { x: dx, scale: slope, offset };
}

/**
 * Batch normalization in training (Ioffe and Szegedy, 2015): y = scale (x - mean) / sqrt(variance + epsilon)
 * + offset with the statistics of x over all axes but the last, which is the channel. The gradient is the
 * closed form, so a step takes half the passes over memory that tf.moments and tf.batchNorm take.
 */
export function batchNormalization<T extends tf.Tensor>(
  x: T,
  scale: tf.Tensor,
  offset: tf.Tensor,
  epsilon = 1e-5,
): NormalisedBatch<T> {
  const { mean, variance } = statistics(x, scale, offset, epsilon);
  const normalize = tf.customGrad((...args) => {
    saveFrom(args)([x, scale, mean, variance]);
    const eager = () => {
      const factor = tf.mul(scale, tf.rsqrt(tf.add(variance, epsilon)));
      return tf.add(tf.mul(tf.sub(x, mean), factor), offset);
    };
    return {
      value: isRecorded() ? forward(x, scale, offset, epsilon)[0] : eager(),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const all = gradients(dy, saved, epsilon);
        return [all.x, all.scale, all.offset];
      },
    };
  });
  const y = normalize(x, scale, offset) as T;
  return { y, mean: mean as tf.Tensor1D, variance: variance as tf.Tensor1D };
}
