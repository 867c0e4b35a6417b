/**
 * The discriminator of DCGAN (Radford, Metz and Chintala, 2015): four convolutions of stride 2 with LeakyReLU, batch
 * normalization in all but the first, and one linear layer to a logit. Shape shorthand: normalization.ts.
 *
 * In train mode real and generated images are normalized each with the statistics of its own batch. In evaluation mode
 * statistics measured over real images are held fixed, so that a design has the same logit in any batch.
 */
import { tf } from '@deepstyle/engine';
import { measure, type Norm, normalize, type Statistics } from './normalization.ts';

interface Layer {
  readonly weight: tf.Tensor;
  readonly norm: Norm;
}

export interface DiscriminatorParams {
  /** weights [4, 4, C in, C out] */
  readonly down1: { readonly weight: tf.Tensor; readonly bias: tf.Tensor };
  readonly down2: Layer;
  readonly down3: Layer;
  readonly down4: Layer;
  /** weight [4*4*8ndf, 1], bias [1] */
  readonly logit: { readonly weight: tf.Tensor; readonly bias: tf.Tensor };
}

export interface DiscriminatorStatistics {
  readonly down2: Statistics;
  readonly down3: Statistics;
  readonly down4: Statistics;
}

type NormalizedLayer = keyof DiscriminatorStatistics;

/** Slope of LeakyReLU below zero; the paper's. */
const SLOPE = 0.2;

/** Train mode: images [N, 64, 64, 3] -> logits [N], higher where they look real, with the statistics of this batch. */
export function discriminateInTraining(
  params: DiscriminatorParams,
  images: tf.Tensor4D,
): { logits: tf.Tensor1D; statistics: DiscriminatorStatistics } {
  const measured: Partial<Record<NormalizedLayer, Statistics>> = {};
  const logits = forward(params, images, (x, name) => {
    const statistics = measure(x);
    measured[name] = statistics;
    return statistics;
  });
  return { logits, statistics: measured as DiscriminatorStatistics };
}

/** Evaluation mode: the same with statistics held fixed. */
export function discriminateInEvaluation(
  params: DiscriminatorParams,
  statistics: DiscriminatorStatistics,
  images: tf.Tensor4D,
): tf.Tensor1D {
  return forward(params, images, (_, name) => statistics[name]);
}

function forward(
  params: DiscriminatorParams,
  images: tf.Tensor4D, // [N, 64, 64, 3]
  statisticsOf: (x: tf.Tensor4D, name: NormalizedLayer) => Statistics,
): tf.Tensor1D {
  const activate = (x: tf.Tensor4D, name: NormalizedLayer): tf.Tensor4D =>
    tf.leakyRelu(normalize(x, statisticsOf(x, name), params[name].norm), SLOPE);
  const first = tf.add(halve(images, params.down1.weight), params.down1.bias);
  let x = tf.leakyRelu(first as tf.Tensor4D, SLOPE); // [N, 32, 32, ndf]
  x = activate(halve(x, params.down2.weight), 'down2'); // [N, 16, 16, 2ndf]
  x = activate(halve(x, params.down3.weight), 'down3'); // [N, 8, 8, 4ndf]
  x = activate(halve(x, params.down4.weight), 'down4'); // [N, 4, 4, 8ndf]
  const flat = tf.reshape(x, [-1, params.logit.weight.shape[0]]); // [N, 4*4*8ndf]
  const logits = tf.add(
    tf.matMul(flat as tf.Tensor2D, params.logit.weight as tf.Tensor2D),
    params.logit.bias,
  );
  return tf.reshape(logits, [-1]); // [N]
}

/** Convolution, 4x4, stride 2, padding 1: [N, H, W, C in] -> [N, H/2, W/2, C out]. */
function halve(x: tf.Tensor4D, weight: tf.Tensor): tf.Tensor4D {
  return tf.conv2d(x, weight as tf.Tensor4D, 2, 1);
}
