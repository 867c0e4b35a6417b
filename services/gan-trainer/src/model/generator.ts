/**
 * The generator of DCGAN (Radford, Metz and Chintala, 2015, figure 1): a latent is projected to a 4x4 map, which four
 * transposed convolutions of stride 2 turn into a 64x64 image. Batch normalization after all but the last, ReLU within,
 * tanh at the end. Shape shorthand: normalization.ts.
 *
 * In train mode each batch is normalized by itself. In evaluation mode the statistics, measured once over many latents, are
 * held fixed, so that a design is the same in any batch.
 */
import { tf } from '@deepstyle/engine';
import { measure, type Norm, normalize, type Statistics } from './normalization.ts';

/** Side of the images in pixels. */
export const IMAGE_SIZE = 64;
/** Side of the projected map; four doublings lead to IMAGE_SIZE. */
export const BASE_SIZE = 4;

interface Layer {
  readonly weight: tf.Tensor;
  readonly norm: Norm;
}

export interface GeneratorParams {
  /** weight [nz, 4*4*8ngf] */
  readonly project: Layer;
  /** weights [4, 4, C out, C in] */
  readonly up1: Layer;
  readonly up2: Layer;
  readonly up3: Layer;
  readonly image: { readonly weight: tf.Tensor; readonly bias: tf.Tensor };
}

export interface GeneratorStatistics {
  readonly project: Statistics;
  readonly up1: Statistics;
  readonly up2: Statistics;
  readonly up3: Statistics;
}

type NormalizedLayer = keyof GeneratorStatistics;

/** Train mode: latents [N, nz] -> images [N, 64, 64, 3] in [-1, 1], with the statistics of this batch. */
export function generateInTraining(
  params: GeneratorParams,
  latents: tf.Tensor2D,
): { images: tf.Tensor4D; statistics: GeneratorStatistics } {
  const measured: Partial<Record<NormalizedLayer, Statistics>> = {};
  const images = forward(params, latents, (x, name) => {
    const statistics = measure(x);
    measured[name] = statistics;
    return statistics;
  });
  return { images, statistics: measured as GeneratorStatistics };
}

/** Evaluation mode: the same with statistics held fixed. */
export function generateInEvaluation(
  params: GeneratorParams,
  statistics: GeneratorStatistics,
  latents: tf.Tensor2D,
): tf.Tensor4D {
  return forward(params, latents, (_, name) => statistics[name]);
}

function forward(
  params: GeneratorParams,
  latents: tf.Tensor2D, // [N, nz]
  statisticsOf: (x: tf.Tensor4D, name: NormalizedLayer) => Statistics,
): tf.Tensor4D {
  const activate = (x: tf.Tensor4D, name: NormalizedLayer): tf.Tensor4D =>
    tf.relu(normalize(x, statisticsOf(x, name), params[name].norm));
  const channels = params.project.norm.gamma.size; // 8ngf
  const projected = tf.matMul(latents, params.project.weight as tf.Tensor2D); // [N, 4*4*8ngf]
  const base = tf.reshape(projected, [-1, BASE_SIZE, BASE_SIZE, channels]);
  let x = activate(base as tf.Tensor4D, 'project'); // [N, 4, 4, 8ngf]
  x = activate(double(x, params.up1.weight), 'up1'); // [N, 8, 8, 4ngf]
  x = activate(double(x, params.up2.weight), 'up2'); // [N, 16, 16, 2ngf]
  x = activate(double(x, params.up3.weight), 'up3'); // [N, 32, 32, ngf]
  return tf.tanh(tf.add(double(x, params.image.weight), params.image.bias)); // [N, 64, 64, 3]
}

/** Transposed convolution, 4x4, stride 2, padding 1: [N, H, W, C in] -> [N, 2H, 2W, C out]. */
function double(x: tf.Tensor4D, weight: tf.Tensor): tf.Tensor4D {
  const [images, height, width] = x.shape;
  const channels = weight.shape[2] ?? 0;
  return tf.conv2dTranspose(
    x,
    weight as tf.Tensor4D,
    [images, 2 * height, 2 * width, channels],
    2,
    1,
  );
}
