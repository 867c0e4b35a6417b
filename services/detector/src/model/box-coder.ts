/**
 * Boxes <-> deltas (Girshick et al. 2014, appendix C; weights and clip as Detectron and torchvision):
 *   dx = wx (x - xa) / wa, dy = wy (y - ya) / ha, dw = ww log(w / wa), dh = wh log(h / ha)
 * with centres (x, y) and sizes (w, h) of the box and (xa, ya, wa, ha) of its reference. Boxes are xyxy px, sizes
 * without "+1".
 */
import { tf } from '@deepstyle/engine';

/** wx, wy, ww, wh. */
export type CoderWeights = readonly [number, number, number, number];

/** For anchors. */
export const RPN_WEIGHTS: CoderWeights = [1, 1, 1, 1];
/** For RoIs: about the inverse of the deltas' standard deviations. */
export const ROI_WEIGHTS: CoderWeights = [10, 10, 5, 5];
/** dw and dh are cut here, so that exp cannot overflow: 62.5 times the reference's size. */
const MAX_LOG_SCALE = Math.log(1000 / 16);

const at = (values: ArrayLike<number>, i: number): number => values[i] as number;

/** The deltas that lead from `references` to `boxes`, both [N, 4] -> [N, 4]. */
export function encodeBoxes(
  boxes: ArrayLike<number>,
  references: ArrayLike<number>,
  [wx, wy, ww, wh]: CoderWeights,
): Float32Array {
  const deltas = new Float32Array(boxes.length);
  for (let i = 0; i < boxes.length; i += 4) {
    const width = at(references, i + 2) - at(references, i);
    const height = at(references, i + 3) - at(references, i + 1);
    const boxWidth = at(boxes, i + 2) - at(boxes, i);
    const boxHeight = at(boxes, i + 3) - at(boxes, i + 1);
    const shiftX = at(boxes, i) + boxWidth / 2 - (at(references, i) + width / 2);
    const shiftY = at(boxes, i + 1) + boxHeight / 2 - (at(references, i + 1) + height / 2);
    deltas[i] = (wx * shiftX) / width;
    deltas[i + 1] = (wy * shiftY) / height;
    deltas[i + 2] = ww * Math.log(boxWidth / width);
    deltas[i + 3] = wh * Math.log(boxHeight / height);
  }
  return deltas;
}

/** Centre and size of boxes [..., 4] as four tensors [...]. */
function centresOf(boxes: tf.Tensor) {
  const [left, top, right, bottom] = tf.unstack(boxes, -1) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const [width, height] = [tf.sub(right, left), tf.sub(bottom, top)];
  const x = tf.add(left, tf.mul(width, 0.5));
  const y = tf.add(top, tf.mul(height, 0.5));
  return { x, y, width, height };
}

/** `encodeBoxes` in the graph: boxes and references [..., 4] -> deltas [..., 4]. Needs sizes above 0. */
export function encodeBoxTensors(
  boxes: tf.Tensor,
  references: tf.Tensor,
  [wx, wy, ww, wh]: CoderWeights,
): tf.Tensor {
  const [box, reference] = [centresOf(boxes), centresOf(references)];
  return tf.stack(
    [
      tf.mul(tf.div(tf.sub(box.x, reference.x), reference.width), wx),
      tf.mul(tf.div(tf.sub(box.y, reference.y), reference.height), wy),
      tf.mul(tf.log(tf.div(box.width, reference.width)), ww),
      tf.mul(tf.log(tf.div(box.height, reference.height)), wh),
    ],
    -1,
  );
}

/** The boxes to which deltas lead, [..., 4] and [..., 4] -> [..., 4]. */
export function decodeBoxTensors(
  deltas: tf.Tensor,
  references: tf.Tensor,
  [wx, wy, ww, wh]: CoderWeights,
): tf.Tensor {
  const reference = centresOf(references);
  const [dx, dy, dw, dh] = tf.unstack(deltas, -1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const x = tf.add(tf.mul(tf.div(dx, wx), reference.width), reference.x);
  const y = tf.add(tf.mul(tf.div(dy, wy), reference.height), reference.y);
  const halfWidth = half(dw, ww, reference.width);
  const halfHeight = half(dh, wh, reference.height);
  return tf.stack(
    [tf.sub(x, halfWidth), tf.sub(y, halfHeight), tf.add(x, halfWidth), tf.add(y, halfHeight)],
    -1,
  );
}

function half(delta: tf.Tensor, weight: number, size: tf.Tensor): tf.Tensor {
  const scale = tf.exp(tf.minimum(tf.div(delta, weight), MAX_LOG_SCALE));
  return tf.mul(tf.mul(scale, size), 0.5);
}

/** Boxes [..., 4] cut to the image. */
export function clipBoxTensors(boxes: tf.Tensor, width: number, height: number): tf.Tensor {
  const [left, top, right, bottom] = tf.unstack(boxes, -1) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const across = (x: tf.Tensor) => tf.clipByValue(x, 0, width);
  const down = (y: tf.Tensor) => tf.clipByValue(y, 0, height);
  return tf.stack([across(left), down(top), across(right), down(bottom)], -1);
}
