/**
 * A small residual network for the CPU (after He et al. 2016): images -> C3, C4, C5 with strides 8, 16, 32. Each stage
 * halves the size with one convolution and refines with residual ones; every convolution is normalised, as training
 * starts from scratch.
 *
 * Shape shorthand: N images, H x W pixels, NHWC.
 */
import { type Random, tf } from '@deepstyle/engine';
import {
  convolve,
  initialNormalised,
  type NormalisedLayer,
  type SeenStatistics,
} from './layers.ts';

export interface BackboneWidths {
  /** Channels at stride 2 and at stride 4. */
  readonly stem: number;
  readonly c2: number;
  readonly c3: number;
  readonly c4: number;
  readonly c5: number;
}

/** Residual convolutions of each stage; C5 sees few pixels, C2 many. */
const STAGES = {
  c2: 1,
  c3: 2,
  c4: 2,
  c5: 1,
} as const;

type StageName = keyof typeof STAGES;
const STAGE_NAMES = Object.keys(STAGES) as StageName[];

const KERNEL = 3;
const IMAGE_CHANNELS = 3;

export function initialBackbone(random: Random, widths: BackboneWidths) {
  const layers: Record<string, ReturnType<typeof initialNormalised>> = {
    stem: initialNormalised(random, [KERNEL, KERNEL, IMAGE_CHANNELS, widths.stem]),
  };
  let channels = widths.stem;
  for (const stage of STAGE_NAMES) {
    const width = widths[stage];
    layers[`${stage}down`] = initialNormalised(random, [KERNEL, KERNEL, channels, width]);
    for (let i = 0; i < STAGES[stage]; i++) {
      layers[`${stage}residual${i}`] = initialNormalised(random, [KERNEL, KERNEL, width, width]);
    }
    channels = width;
  }
  return layers;
}

export type BackboneParams = Readonly<Record<string, NormalisedLayer>>;

/** images [N, H, W, 3] in [-1, 1] -> C3 [N, H/8, W/8, c3], C4 [N, H/16, W/16, c4], C5 [N, H/32, W/32, c5] */
export function backbone(
  params: BackboneParams,
  images: tf.Tensor4D,
  seen: SeenStatistics,
): readonly [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D] {
  const layer = (name: string, x: tf.Tensor4D, stride: 1 | 2) =>
    convolve(x, params[name] as NormalisedLayer, stride, name, seen);
  let x = tf.relu(layer('stem', images, 2)); // [N, H/2, W/2, stem]
  const features: tf.Tensor4D[] = [];
  for (const stage of STAGE_NAMES) {
    x = tf.relu(layer(`${stage}down`, x, 2)); // [N, H/s, W/s, width]
    for (let i = 0; i < STAGES[stage]; i++) {
      x = tf.relu(tf.add(x, layer(`${stage}residual${i}`, x, 1)));
    }
    features.push(x);
  }
  const [, c3, c4, c5] = features as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
  return [c3, c4, c5];
}
