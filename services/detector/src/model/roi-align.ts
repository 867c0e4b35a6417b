/**
 * RoIAlign (He et al. 2017, section 3) from the level of each box (Lin et al. 2017, eq. 1); bins as torchvision's with
 * `aligned=False`, 2 x 2 samples each.
 *
 * Shape shorthand: N images, R boxes of an image, S bins a side, h x w cells of a level, F channels.
 */
import { roiAlign, tf } from '@deepstyle/engine';

const SAMPLES_PER_BIN = 2;

/** Pools the boxes [N, R, 4] xyxy px from one level, [N, h, w, F] -> [N, R, S, S, F]. */
export function poolLevel(
  features: tf.Tensor4D,
  boxes: tf.Tensor3D,
  stridePx: number,
  bins: number,
): tf.Tensor {
  // onnxruntime refuses the whole run over one box that is NaN; so the step ends, and what is not finite is named.
  const finite = tf.where(tf.isNaN(boxes), tf.zerosLike(boxes), boxes) as tf.Tensor3D;
  return roiAlign(features, finite, {
    size: [bins, bins],
    spatialScale: 1 / stridePx,
    samplingRatio: SAMPLES_PER_BIN,
    aligned: false,
  });
}

/**
 * Level of each box (Lin et al. 2017, eq. 1): the finest for small boxes, one coarser for each doubling from
 * `canonicalSizePx`, which is where the second level begins.
 * @returns 0, 1, .. `levels` - 1 as float32, [N, R]
 */
export function roiLevels(
  boxes: tf.Tensor3D,
  canonicalSizePx: number,
  levels: number,
): tf.Tensor2D {
  const [left, top, right, bottom] = tf.unstack(boxes, 2) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const area = tf.mul(tf.sub(right, left), tf.sub(bottom, top));
  const doublings = tf.div(tf.log(tf.div(tf.add(tf.sqrt(area), 1e-6), canonicalSizePx)), Math.LN2);
  return tf.clipByValue(tf.floor(tf.add(doublings, 1)), 0, levels - 1);
}

/** Pools every box from its own level, [N, R, S, S, F]: from each level all of them, the others' masked. */
export function multiLevelRoiAlign(
  features: readonly tf.Tensor4D[],
  boxes: tf.Tensor3D,
  stridesPx: readonly number[],
  options: { readonly bins: number; readonly canonicalSizePx: number },
): tf.Tensor {
  const [n, r] = boxes.shape;
  const own = roiLevels(boxes, options.canonicalSizePx, features.length);
  const parts = features.map((level, i) => {
    const share = tf.reshape(tf.cast(tf.equal(own, i), 'float32'), [n, r, 1, 1, 1]);
    return tf.mul(poolLevel(level, boxes, stridesPx[i] as number, options.bins), share);
  });
  return parts.length === 1 ? (parts[0] as tf.Tensor) : tf.addN(parts);
}
