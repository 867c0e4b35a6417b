/**
 * Region proposal network (Ren et al. 2015): one small head slides over every level and says for each anchor whether
 * it holds an object and where that lies; the best boxes become proposals.
 *
 * Shape shorthand: N images, B anchors a cell, A anchors of an image over all levels, T candidates before suppression,
 * P proposals of an image, F channels of the pyramid. Anchors are ordered as in anchors.ts.
 */
import { type Random, tf } from '@deepstyle/engine';
import type { ImageSize } from './anchors.ts';
import { clipBoxTensors, decodeBoxTensors, RPN_WEIGHTS } from './box-coder.ts';
import { type BiasedLayer, convolve, initialBiased } from './layers.ts';

/** Detectron's deviation of predictors. */
const PREDICTOR_DEVIATION = 0.01;

export function initialRpn(random: Random, channels: number, anchorsPerCell: number) {
  const predictor = (outputs: number) =>
    initialBiased(random, [1, 1, channels, outputs], { deviation: PREDICTOR_DEVIATION });
  return {
    hidden: initialBiased(random, [3, 3, channels, channels], { gain: Math.SQRT2 }),
    objectness: predictor(anchorsPerCell),
    deltas: predictor(4 * anchorsPerCell),
  };
}

export interface RpnParams {
  readonly hidden: BiasedLayer;
  readonly objectness: BiasedLayer;
  readonly deltas: BiasedLayer;
}

export interface RpnLevel {
  /** [N, h w B] */
  readonly logits: tf.Tensor2D;
  /** [N, h w B, 4] */
  readonly deltas: tf.Tensor3D;
}

/** Per level. */
export function rpnHead(params: RpnParams, levels: readonly tf.Tensor4D[]): RpnLevel[] {
  return levels.map((level) => {
    const hidden = tf.relu(convolve(level, params.hidden, 1, 'hidden', {})); // [N, h, w, F]
    const objectness = convolve(hidden, params.objectness, 1, 'objectness', {}); // [N, h, w, B]
    const deltas = convolve(hidden, params.deltas, 1, 'deltas', {}); // [N, h, w, 4 B]
    const [n, h, w, b] = objectness.shape;
    return {
      logits: tf.reshape(objectness, [n, h * w * b]),
      deltas: tf.reshape(deltas, [n, h * w * b, 4]),
    };
  });
}

export interface ProposalOptions {
  /** Candidates of a level before suppression. */
  readonly preNmsPerLevel: number;
  /** Proposals of an image. */
  readonly count: number;
  readonly nmsIou: number;
}

export interface Proposals {
  /** [N, P, 4] xyxy px within the image; empty places hold the whole image */
  readonly boxes: tf.Tensor3D;
  /** 1, or 0 for an empty place, [N, P]; the highest objectness comes first */
  readonly used: tf.Tensor2D;
}

/** Rows of values [N, A, D] named by indices [N, T] -> [N, T, D]. */
export function gatherRows(values: tf.Tensor3D, indices: tf.Tensor2D): tf.Tensor3D {
  const [n, a, d] = values.shape;
  const first = tf.tensor2d(
    Array.from({ length: n }, (_, i) => i * a),
    [n, 1],
    'int32',
  );
  const rows = tf.reshape(tf.add(indices, first), [-1]) as tf.Tensor1D; // [N T]
  const gathered = tf.gather(tf.reshape(values, [n * a, d]), tf.cast(rows, 'int32'));
  return tf.reshape(gathered, [n, indices.shape[1], d]);
}

/** The candidates of one level with the highest logits, decoded and cut to the image: [N, T, 4] and [N, T]. */
function levelCandidates(
  { logits, deltas }: RpnLevel,
  anchors: Float32Array,
  image: ImageSize,
  limit: number,
) {
  const [n, count] = logits.shape;
  const { values, indices } = tf.topk(logits, Math.min(limit, count), true);
  const places = indices as tf.Tensor2D;
  const references = tf.gather(
    tf.tensor2d(anchors, [count, 4]),
    tf.reshape(places, [-1]) as tf.Tensor1D,
  );
  const shaped = tf.reshape(references, [n, places.shape[1], 4]);
  const boxes = decodeBoxTensors(gatherRows(deltas, places), shaped, RPN_WEIGHTS);
  return { boxes: clipBoxTensors(boxes, image.width, image.height), logits: values };
}

/** A side shorter than this, px, is no garment but the edge of the image. */
const MIN_SIDE_PX = 1;
const EXCLUDED = -1e9;

/** Logits [N, T] of boxes [N, T, 4], `EXCLUDED` for those without extent. */
function excludeEmpty(boxes: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  const [left, top, right, bottom] = tf.unstack(boxes, -1) as tf.Tensor[];
  const sides = tf.minimum(
    tf.sub(right as tf.Tensor, left as tf.Tensor),
    tf.sub(bottom as tf.Tensor, top as tf.Tensor),
  );
  return tf.where(tf.greaterEqual(sides, MIN_SIDE_PX), logits, tf.fill(logits.shape, EXCLUDED));
}

/**
 * Proposals of each image: the best of every level, decoded, suppressed over all levels together (a garment that two
 * levels find is one garment).
 * @param anchors of each level, [h w B, 4]
 */
export function proposals(
  levels: readonly RpnLevel[],
  anchors: readonly Float32Array[],
  image: ImageSize,
  options: ProposalOptions,
): Proposals {
  const parts = levels.map((level, i) =>
    levelCandidates(level, anchors[i] as Float32Array, image, options.preNmsPerLevel),
  );
  const boxes = tf.concat(
    parts.map((part) => part.boxes),
    1,
  ); // [N, T, 4]
  const logits = tf.concat(
    parts.map((part) => part.logits),
    1,
  );
  const scores = excludeEmpty(boxes, logits); // [N, T]
  const count = Math.min(options.count, boxes.shape[1] as number);
  const all = tf.unstack(boxes) as tf.Tensor2D[];
  const kept = tf.unstack(scores).map((own, i) => {
    const { selectedIndices, validOutputs } = tf.image.nonMaxSuppressionPadded(
      all[i] as tf.Tensor2D,
      own as tf.Tensor1D,
      count,
      options.nmsIou,
      EXCLUDED / 2,
      true,
    ) as { selectedIndices: tf.Tensor1D; validOutputs: tf.Scalar };
    const used = tf.cast(tf.less(tf.range(0, count, 1, 'int32'), validOutputs), 'float32'); // [P]
    return { used, boxes: tf.gather(all[i] as tf.Tensor2D, selectedIndices) };
  });
  const used = tf.stack(kept.map((one) => one.used)) as tf.Tensor2D; // [N, P]
  const whole = tf.tensor1d([0, 0, image.width, image.height]);
  const flags = tf.expandDims(used, 2); // [N, P, 1]
  const chosen = tf.stack(kept.map((one) => one.boxes)); // [N, P, 4]
  const filled = tf.add(tf.mul(chosen, flags), tf.mul(whole, tf.sub(1, flags)));
  return { boxes: filled as tf.Tensor3D, used };
}
