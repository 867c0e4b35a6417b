/**
 * The second stage (Girshick 2015; Ren et al. 2015): RoIs are sampled from the proposals, pooled, classified and
 * refined. Box deltas do not depend on the category (R-FCN, Dai et al. 2016): all categories share the few boxes that
 * a short training sees.
 *
 * Shape shorthand: N images, P proposals, G ground truths (padded), M = P + G candidates, R RoIs of an image, S bins,
 * F channels, K categories; class 0 is background.
 */
import { type Random, tf } from '@deepstyle/engine';
import { encodeBoxTensors, ROI_WEIGHTS } from './box-coder.ts';
import { type BiasedLayer, dense, initialBiased } from './layers.ts';
import { gatherRows, type Proposals } from './rpn.ts';
import { sampleRoiPlaces } from './sampling.ts';

export interface RoiHeadSizes {
  readonly bins: number;
  readonly channels: number;
  readonly hidden: number;
  readonly categories: number;
}

export function initialRoiHead(random: Random, sizes: RoiHeadSizes) {
  const { bins, channels, hidden, categories } = sizes;
  return {
    fc1: initialBiased(random, [bins * bins * channels, hidden], { gain: Math.SQRT2 }),
    fc2: initialBiased(random, [hidden, hidden], { gain: Math.SQRT2 }),
    classes: initialBiased(random, [hidden, categories + 1], { deviation: 0.01 }),
    boxes: initialBiased(random, [hidden, 4], { deviation: 0.001 }),
  };
}

export interface RoiHeadParams {
  readonly fc1: BiasedLayer;
  readonly fc2: BiasedLayer;
  readonly classes: BiasedLayer;
  readonly boxes: BiasedLayer;
}

export interface RoiPredictions {
  /** [N, R, K + 1] */
  readonly classLogits: tf.Tensor3D;
  /** [N, R, 4] */
  readonly boxDeltas: tf.Tensor3D;
}

/** pooled [N, R, S, S, F] -> class logits and box deltas */
export function roiHead(params: RoiHeadParams, pooled: tf.Tensor): RoiPredictions {
  const [n, r] = pooled.shape as [number, number];
  const flat = tf.reshape(pooled, [n * r, -1]) as tf.Tensor2D; // [N R, S S F]
  const hidden = tf.relu(dense(tf.relu(dense(flat, params.fc1)), params.fc2)); // [N R, hidden]
  const classLogits = dense(hidden, params.classes); // [N R, K + 1]
  const boxDeltas = dense(hidden, params.boxes); // [N R, 4]
  return {
    classLogits: tf.reshape(classLogits, [n, r, -1]),
    boxDeltas: tf.reshape(boxDeltas, [n, r, 4]),
  };
}

/** Ground truth of a batch, padded to G per image. */
export interface GroundTruth {
  /** [N, G, 4] xyxy px; padding is 0 */
  readonly boxes: tf.Tensor3D;
  /** 1 .. K, 0 for padding; int32 [N, G] */
  readonly labels: tf.Tensor2D;
}

/** RoIs with what they should become. */
export interface RoiTargets {
  /** [N, R, 4] xyxy px */
  readonly rois: tf.Tensor3D;
  /** 0 .. K, int32 [N, R] */
  readonly labels: tf.Tensor2D;
  /** [N, R, 4] */
  readonly deltas: tf.Tensor3D;
  /** 1 where the RoI counts, [N, R] */
  readonly used: tf.Tensor2D;
  /** 1 where it also counts in the box loss, [N, R] */
  readonly foreground: tf.Tensor2D;
}

export interface RoiSampling {
  readonly size: number;
  readonly foregroundFraction: number;
  /** IoU from which a candidate is foreground; below it is background. */
  readonly foregroundIou: number;
}

/** [N, M, 4] and [N, G, 4] -> [N, M, G]; 0 with boxes that have no extent. */
export function pairwiseIou(one: tf.Tensor3D, other: tf.Tensor3D): tf.Tensor3D {
  const sides = (boxes: tf.Tensor3D, axis: number) =>
    tf.unstack(boxes, 2).map((side) => tf.expandDims(side, axis)) as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
  const [l1, t1, r1, b1] = sides(one, 2); // [N, M, 1]
  const [l2, t2, r2, b2] = sides(other, 1); // [N, 1, G]
  const width = tf.relu(tf.sub(tf.minimum(r1, r2), tf.maximum(l1, l2)));
  const height = tf.relu(tf.sub(tf.minimum(b1, b2), tf.maximum(t1, t2)));
  const shared = tf.mul(width, height); // [N, M, G]
  const area1 = tf.mul(tf.sub(r1, l1), tf.sub(b1, t1));
  const area2 = tf.mul(tf.sub(r2, l2), tf.sub(b2, t2));
  const union = tf.sub(tf.add(area1, area2), shared);
  return tf.div(shared, tf.maximum(union, 1e-6));
}

/**
 * Samples RoIs from proposals and ground truth (which joins the candidates so that there is foreground from the first
 * step on) and says what they should become.
 * @param noise uniform in [0, 1), [N, M]: decides which are taken
 */
export function sampleRois(
  proposals: Proposals,
  truth: GroundTruth,
  noise: tf.Tensor2D,
  options: RoiSampling,
): RoiTargets {
  const isTruth = tf.cast(tf.greater(truth.labels, 0), 'float32'); // [N, G]
  const candidates = tf.concat([proposals.boxes, truth.boxes], 1) as tf.Tensor3D; // [N, M, 4]
  const usable = tf.concat([proposals.used, isTruth], 1) as tf.Tensor2D; // [N, M]
  const iou = pairwiseIou(candidates, truth.boxes); // [N, M, G]
  const best = tf.max(iou, 2); // [N, M]
  const hits = tf.cast(tf.greaterEqual(best, options.foregroundIou), 'float32');
  const foreground = tf.mul(hits, usable) as tf.Tensor2D;
  const background = tf.mul(tf.sub(1, hits), usable) as tf.Tensor2D;
  const sample = sampleRoiPlaces(
    foreground,
    background,
    noise,
    options.size,
    options.foregroundFraction,
  );
  const rois = gatherRows(candidates, sample.indices); // [N, R, 4]
  const isForeground = tf.expandDims(sample.foreground, 2); // [N, R, 1]
  // Which truth a RoI has is asked again of the few that were taken.
  const matched = tf.argMax(pairwiseIou(rois, truth.boxes), 2) as tf.Tensor2D; // [N, R]
  const labels = tf.cast(tf.expandDims(truth.labels, 2), 'float32') as tf.Tensor3D;
  const wanted = tf.mul(gatherRows(labels, matched), isForeground); // [N, R, 1]
  return {
    ...fill(rois, truth, matched, isForeground, sample.used),
    labels: squeezed(wanted),
    ...sample,
  };

  function squeezed(x: tf.Tensor): tf.Tensor2D {
    return tf.cast(tf.squeeze(x, [2]), 'int32');
  }
}

/** Boxes and deltas; where nothing is to be learnt they are those of a box that is its own target. */
function fill(
  rois: tf.Tensor3D,
  truth: GroundTruth,
  matched: tf.Tensor2D,
  isForeground: tf.Tensor,
  used: tf.Tensor2D,
): Pick<RoiTargets, 'rois' | 'deltas'> {
  const isUsed = tf.expandDims(used, 2); // [N, R, 1]
  const unit = tf.tensor1d([0, 0, 1, 1]);
  const filled = tf.add(tf.mul(rois, isUsed), tf.mul(unit, tf.sub(1, isUsed))); // [N, R, 4]
  const targets = gatherRows(truth.boxes, matched); // [N, R, 4]
  const aims = tf.add(tf.mul(targets, isForeground), tf.mul(filled, tf.sub(1, isForeground)));
  const deltas = encodeBoxTensors(aims, filled, ROI_WEIGHTS) as tf.Tensor3D;
  return { rois: filled as tf.Tensor3D, deltas };
}
