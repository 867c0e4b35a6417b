/**
 * Feature pyramid network (Lin et al. 2017): lateral 1x1 convolutions, nearest upsampling and sums from the top, a 3x3
 * convolution on each level. Three levels: at these image sizes P2 has cells finer than any garment needs, and P6
 * would have two by one.
 *
 * Shape shorthand: N images, h x w cells of a level, F channels of the pyramid.
 */
import { type Random, tf } from '@deepstyle/engine';
import { type BiasedLayer, convolve, initialBiased } from './layers.ts';

const LEVELS = ['p3', 'p4', 'p5'] as const;

export function initialFpn(random: Random, inputs: readonly number[], channels: number) {
  const layers: Record<string, ReturnType<typeof initialBiased>> = {};
  for (const [i, level] of LEVELS.entries()) {
    layers[`${level}lateral`] = initialBiased(random, [1, 1, inputs[i] as number, channels]);
    layers[`${level}output`] = initialBiased(random, [3, 3, channels, channels]);
  }
  return layers;
}

export type FpnParams = Readonly<Record<string, BiasedLayer>>;

/** Nearest: every cell becomes 2 x 2 cells, [N, h, w, F] -> [N, 2h, 2w, F]. */
function upsample(x: tf.Tensor4D): tf.Tensor4D {
  const [n, h, w, f] = x.shape;
  const spread = tf.tile(tf.reshape(x, [n, h, 1, w, 1, f]), [1, 1, 2, 1, 2, 1]); // [N, h, 2, w, 2, F]
  return tf.reshape(spread, [n, 2 * h, 2 * w, f]);
}

/** C3, C4, C5 -> P3, P4, P5, each [N, h, w, F]. */
export function featurePyramid(
  params: FpnParams,
  features: readonly tf.Tensor4D[],
): readonly tf.Tensor4D[] {
  const layer = (name: string, x: tf.Tensor4D) =>
    convolve(x, params[name] as BiasedLayer, 1, name, {});
  const levels: tf.Tensor4D[] = [];
  let above: tf.Tensor4D | undefined;
  for (const [i, level] of [...LEVELS.entries()].reverse()) {
    const lateral = layer(`${level}lateral`, features[i] as tf.Tensor4D);
    above = above === undefined ? lateral : tf.add(lateral, upsample(above));
    levels.unshift(layer(`${level}output`, above));
  }
  return levels;
}
