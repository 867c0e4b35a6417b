/**
 * The four losses (Ren et al. 2015, eq. 1; Girshick 2015, eq. 1-3), summed with weight 1.
 *
 * Shape shorthand: N images, A anchors, R RoIs of an image, K categories; class 0 is background.
 */
import { tf } from '@deepstyle/engine';
import type { RoiPredictions, RoiTargets } from './roi-heads.ts';
import type { RpnLevel } from './rpn.ts';

/** Where the smooth L1 loss goes from square to straight; torchvision's for both stages. */
const SMOOTH_L1_BETA = 1 / 9;

/** smoothL1(d) = d^2 / (2 beta) where |d| < beta, else |d| - beta / 2. */
export function smoothL1(difference: tf.Tensor, beta = SMOOTH_L1_BETA): tf.Tensor {
  const size = tf.abs(difference);
  // With c = min(|d|, beta) both cases are c^2 / (2 beta) + (|d| - c).
  const near = tf.minimum(size, beta);
  return tf.add(tf.mul(tf.square(near), 0.5 / beta), tf.sub(size, near));
}

/** -log p of a binary label: softplus(x) - label x. */
function binaryCrossEntropy(logits: tf.Tensor, labels: tf.Tensor): tf.Tensor {
  return tf.sub(tf.softplus(logits), tf.mul(labels, logits));
}

/** Sum over those that count, divided by how many count (at least 1). */
function meanOver(values: tf.Tensor, counted: tf.Tensor, total: tf.Tensor): tf.Scalar {
  return tf.div(tf.sum(tf.mul(values, counted)), tf.maximum(total, 1)) as tf.Scalar;
}

/** What the sampled anchors should say. */
export interface RpnTargets {
  /** 1 for object, else 0, [N, A] */
  readonly labels: tf.Tensor2D;
  /** 1 where the anchor was sampled, [N, A] */
  readonly used: tf.Tensor2D;
  /** [N, A, 4]; 0 where the label is 0 */
  readonly deltas: tf.Tensor3D;
}

export interface RpnLosses {
  readonly objectness: tf.Scalar;
  readonly rpnBox: tf.Scalar;
}

/** L_objectness = mean BCE over sampled anchors; L_rpnBox = sum smoothL1 over positive ones / sampled anchors. */
export function rpnLosses(levels: readonly RpnLevel[], targets: RpnTargets): RpnLosses {
  const logits = tf.concat(
    levels.map((level) => level.logits),
    1,
  ); // [N, A]
  const deltas = tf.concat(
    levels.map((level) => level.deltas),
    1,
  ); // [N, A, 4]
  const total = tf.sum(targets.used);
  const distance = tf.sum(smoothL1(tf.sub(deltas, targets.deltas)), 2); // [N, A]
  return {
    objectness: meanOver(binaryCrossEntropy(logits, targets.labels), targets.used, total),
    rpnBox: meanOver(distance, targets.labels, total),
  };
}

export interface RoiLosses {
  readonly classification: tf.Scalar;
  readonly box: tf.Scalar;
}

/** L_classification = mean cross entropy over RoIs; L_box = sum smoothL1 over foreground ones / RoIs. */
export function roiLosses(
  { classLogits, boxDeltas }: RoiPredictions,
  targets: Omit<RoiTargets, 'rois'>,
): RoiLosses {
  const classes = classLogits.shape[2];
  const total = tf.sum(targets.used);
  const wanted = tf.oneHot(targets.labels, classes, 1, 0, 'float32'); // [N, R, K + 1]
  const entropy = tf.neg(tf.sum(tf.mul(tf.logSoftmax(classLogits), wanted), 2)); // [N, R]
  const distance = tf.sum(smoothL1(tf.sub(boxDeltas, targets.deltas)), 2); // [N, R]
  return {
    classification: meanOver(entropy, targets.used, total),
    box: meanOver(distance, targets.foreground, total),
  };
}
