/**
 * RoIAlign (He et al. 2017, section 3), as torchvision's with `aligned=False`, 2 x 2 samples a bin.
 *
 * Bilinear sampling is linear in the features and separable, so pooling a box is two matrix products, one for each
 * axis: pooled[i, j] = sum_yx V[i, y] U[j, x] feature[y, x], V and U the mean hat functions of a bin's samples. The
 * gradient then is matrix products, too: no scatter with colliding indices, the same on any number of threads.
 *
 * Shape shorthand: N images, R boxes of an image, S bins a side, h x w cells of a level, F channels.
 */
import { tf } from '@deepstyle/engine';

const SAMPLES_PER_BIN = 2;

/** Place of each sample along an axis as a part of the box's side, [S * SAMPLES_PER_BIN] in (0, 1). */
const samplePlaces = (bins: number): Float32Array =>
  Float32Array.from(
    { length: bins * SAMPLES_PER_BIN },
    (_, i) => (i + 0.5) / (bins * SAMPLES_PER_BIN),
  );

/**
 * The weight of each cell in each bin along one axis, [N, R, S, cells].
 * @param start first edge of the boxes in cells, [N, R]
 * @param end second edge, [N, R]
 */
function binWeights(start: tf.Tensor, end: tf.Tensor, bins: number, cells: number): tf.Tensor4D {
  const [n, r] = start.shape as [number, number];
  // A box has at least one cell's size.
  const size = tf.maximum(tf.sub(end, start), 1);
  const places = tf.tensor1d(samplePlaces(bins));
  const samples = tf.add(tf.expandDims(start, 2), tf.mul(tf.expandDims(size, 2), places)); // [N, R, 2 S]
  // Samples up to one cell outside count as on the edge; others are 0.
  const inside = tf.logicalAnd(tf.greaterEqual(samples, -1), tf.lessEqual(samples, cells));
  const held = tf.expandDims(tf.clipByValue(samples, 0, cells - 1), 3); // [N, R, 2 S, 1]
  const distance = tf.abs(tf.sub(held, tf.range(0, cells))); // [N, R, 2 S, cells]
  const hats = tf.relu(tf.sub(1, distance));
  const weights = tf.mul(hats, tf.expandDims(tf.cast(inside, 'float32'), 3));
  return tf.mean(tf.reshape(weights, [n, r, bins, SAMPLES_PER_BIN, cells]), 3) as tf.Tensor4D;
}

/**
 * Pools the boxes from one level.
 * @param features [N, h, w, F]
 * @param boxes [N, R, 4] xyxy px
 * @param share what each box takes from this level, [N, R]; all of it by default
 * @returns [N, R, S, S, F]
 */
export function roiAlign(
  features: tf.Tensor4D,
  boxes: tf.Tensor3D,
  stridePx: number,
  bins: number,
  share?: tf.Tensor2D,
): tf.Tensor {
  const [n, h, w, f] = features.shape;
  const r = boxes.shape[1];
  const [left, top, right, bottom] = tf.unstack(tf.div(boxes, stridePx), 2) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const weights = binWeights(top, bottom, bins, h);
  const shared = share === undefined ? weights : tf.mul(weights, tf.reshape(share, [n, r, 1, 1]));
  const vertical = tf.reshape(shared, [n, r * bins, h]);
  const rows = tf.matMul(vertical, tf.reshape(features, [n, h, w * f])); // [N, R S, w F]
  const horizontal = tf.reshape(binWeights(left, right, bins, w), [n, r, 1, bins, w]);
  return tf.matMul(horizontal, tf.reshape(rows, [n, r, bins, w, f])); // [N, R, S, S, F]
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

/** Pools every box from its own level, [N, R, S, S, F]. */
export function multiLevelRoiAlign(
  features: readonly tf.Tensor4D[],
  boxes: tf.Tensor3D,
  stridesPx: readonly number[],
  options: { readonly bins: number; readonly canonicalSizePx: number },
): tf.Tensor {
  const own = roiLevels(boxes, options.canonicalSizePx, features.length);
  const parts = features.map((level, i) => {
    const share = tf.cast(tf.equal(own, i), 'float32') as tf.Tensor2D;
    return roiAlign(level, boxes, stridesPx[i] as number, options.bins, share);
  });
  return parts.length === 1 ? (parts[0] as tf.Tensor) : tf.addN(parts);
}
