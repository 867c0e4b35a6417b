/**
 * Balanced samples of matched boxes (Ren et al. 2015, section 3.1.3; Girshick 2015, section 2.3): on the host for
 * anchors, in the graph for RoIs, whose proposals only the graph knows.
 *
 * Shape shorthand: N images, A anchors, M candidates of an image, R sampled RoIs of an image.
 */
import { type Random, tf } from '@deepstyle/engine';

/** Of matches [A] (see matcher.ts): which take part in the loss. */
export interface Sample {
  readonly positive: readonly number[];
  readonly negative: readonly number[];
}

/** At most `size * positiveFraction` positives, filled up to `size` with negatives; without replacement. */
export function balancedSample(
  matches: Int32Array,
  size: number,
  positiveFraction: number,
  random: Random,
): Sample {
  const places = Array.from(matches.keys());
  const positive = places.filter((a) => (matches[a] as number) >= 0);
  const negative = places.filter((a) => matches[a] === -1);
  const positives = Math.min(positive.length, Math.floor(size * positiveFraction));
  return {
    positive: random.shuffle(positive).slice(0, positives),
    negative: random.shuffle(negative).slice(0, size - positives),
  };
}

export interface RoiSample {
  /** Indices into the M candidates, int32 [N, R]. */
  readonly indices: tf.Tensor2D;
  /** 1 where the place holds a foreground RoI, [N, R]. */
  readonly foreground: tf.Tensor2D;
  /** 1 where the place holds any RoI, [N, R]. */
  readonly used: tf.Tensor2D;
}

/** 1 for the `limit` flagged candidates with the highest noise, [N, M]. */
function chosen(flags: tf.Tensor2D, noise: tf.Tensor2D, limit: number): tf.Tensor2D {
  const keys = tf.sub(tf.mul(flags, tf.add(noise, 1)), 1); // [N, M], -1 where not flagged
  const beats = tf.greater(tf.expandDims(keys, 1), tf.expandDims(keys, 2)); // [N, M, M]
  const rank = tf.sum(tf.cast(beats, 'float32'), 2); // [N, M]
  return tf.mul(flags, tf.cast(tf.less(rank, limit), 'float32'));
}

/**
 * The same sample for RoIs with static shapes: foreground first, then background, then empty places.
 * @param foreground 1 or 0, [N, M]
 * @param background 1 or 0, [N, M]; candidates that are neither take no part
 * @param noise uniform in [0, 1), distinct within an image, [N, M]
 */
export function sampleRoiPlaces(
  foreground: tf.Tensor2D,
  background: tf.Tensor2D,
  noise: tf.Tensor2D,
  size: number,
  foregroundFraction: number,
): RoiSample {
  const positives = chosen(foreground, noise, Math.floor(size * foregroundFraction));
  const keys = tf.addN([tf.mul(positives, 2), background, tf.mul(noise, 0.5)]); // [N, M]
  const { values, indices } = tf.topk(keys, size, true); // [N, R]
  const isForeground = tf.cast(tf.greaterEqual(values, 2), 'float32');
  const isUsed = tf.cast(tf.greaterEqual(values, 1), 'float32');
  return {
    indices: indices as tf.Tensor2D,
    foreground: isForeground as tf.Tensor2D,
    used: isUsed as tf.Tensor2D,
  };
}
