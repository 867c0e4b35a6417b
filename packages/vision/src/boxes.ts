import { ArrayShapeError } from './errors.ts';

/**
 * Boxes are `xyxy`: [N, 4] rows of left, top, right, bottom in px of the named image, continuous coordinates: a box's width
 * is right - left, without the "+1" of older code.
 */
export type Boxes = Float32Array | Float64Array;

/** Number of boxes. @throws ArrayShapeError where the values are not rows of four */
function boxCount(boxes: Boxes): number {
  if (boxes.length % 4 !== 0) {
    throw new ArrayShapeError('Boxes', '[N, 4] xyxy px', `${boxes.length} values`);
  }
  return boxes.length / 4;
}

/** [N], px^2; 0 for a box without width or height. */
function boxAreas(boxes: Boxes): Float64Array {
  return Float64Array.from({ length: boxCount(boxes) }, (_, i) => areaAt(boxes, i));
}

function areaAt(boxes: Boxes, i: number): number {
  const width = (boxes[i * 4 + 2] as number) - (boxes[i * 4] as number);
  const height = (boxes[i * 4 + 3] as number) - (boxes[i * 4 + 1] as number);
  return Math.max(0, width) * Math.max(0, height);
}

function intersectionAt(one: Boxes, i: number, other: Boxes, j: number): number {
  const left = Math.max(one[i * 4] as number, other[j * 4] as number);
  const top = Math.max(one[i * 4 + 1] as number, other[j * 4 + 1] as number);
  const right = Math.min(one[i * 4 + 2] as number, other[j * 4 + 2] as number);
  const bottom = Math.min(one[i * 4 + 3] as number, other[j * 4 + 3] as number);
  return Math.max(0, right - left) * Math.max(0, bottom - top);
}

/** Intersection over union of every pair, [N, M] in [0, 1]; 0 where both boxes are empty. */
export function boxIou(one: Boxes, other: Boxes): Float64Array {
  const rows = boxCount(one);
  const columns = boxCount(other);
  const areas = boxAreas(other);
  const iou = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const area = areaAt(one, i);
    for (let j = 0; j < columns; j++) {
      const shared = intersectionAt(one, i, other, j);
      const union = area + (areas[j] as number) - shared;
      iou[i * columns + j] = union > 0 ? shared / union : 0;
    }
  }
  return iou;
}

/**
 * Greedy non-maximum suppression: of boxes that overlap by more than `iouThreshold`, the one with the highest score stays.
 * @param scores [N]; of equal scores the lower index comes first
 * @param groups [N]: boxes of different groups (categories, images) never suppress each other
 * @returns indices of those that stay, highest score first
 */
export function nonMaxSuppression(
  boxes: Boxes,
  scores: ArrayLike<number>,
  iouThreshold: number,
  groups?: ArrayLike<number>,
): number[] {
  const count = boxCount(boxes);
  if (scores.length !== count || (groups !== undefined && groups.length !== count)) {
    throw new ArrayShapeError(
      'Non-maximum suppression',
      `${count} scores and groups`,
      `${scores.length} and ${groups?.length ?? 'none'}`,
    );
  }
  const areas = boxAreas(boxes);
  const order = [...Array(count).keys()].sort(
    (i, j) => (scores[j] as number) - (scores[i] as number) || i - j,
  );
  const kept: number[] = [];
  for (const i of order) {
    const suppressed = kept.some((j) => {
      if (groups !== undefined && groups[i] !== groups[j]) return false;
      const shared = intersectionAt(boxes, i, boxes, j);
      const union = (areas[i] as number) + (areas[j] as number) - shared;
      return shared > iouThreshold * union;
    });
    if (!suppressed) kept.push(i);
  }
  return kept;
}
