/**
 * Batch normalization (Ioffe and Szegedy, 2015) over all positions of a batch, per channel.
 *
 * Shape shorthand of this folder: N images, H and W pixels, C channels, nz length of the latent, ngf and ndf the
 * channels of the layers next to the image. Images are NHWC in [-1, 1].
 */
import { tf } from '@deepstyle/engine';

export interface Norm {
  /** Scale of the normalized channel, [C]. */
  readonly gamma: tf.Tensor;
  /** Offset, [C]. */
  readonly beta: tf.Tensor;
}

/** Mean and variance of a layer's channels, each [C]. */
export interface Statistics {
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
}

const EPSILON = 1e-5;

/** Mean and variance over N, H and W. */
export function measure(x: tf.Tensor4D): Statistics {
  return tf.moments(x, [0, 1, 2]); // [C], [C]
}

export function normalize(x: tf.Tensor4D, { mean, variance }: Statistics, norm: Norm): tf.Tensor4D {
  return tf.batchNorm(
    x,
    mean as tf.Tensor1D,
    variance as tf.Tensor1D,
    norm.beta as tf.Tensor1D,
    norm.gamma as tf.Tensor1D,
    EPSILON,
  );
}
