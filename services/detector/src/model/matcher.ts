/**
 * Assigns boxes to ground truth by IoU (Ren et al. 2015, section 3.1.2).
 *
 * Shape shorthand: A boxes (anchors), G ground truths of the image.
 */
export const BELOW_LOW = -1;
export const BETWEEN = -2;

export interface MatchThresholds {
  /** IoU from which a box is matched. */
  readonly high: number;
  /** IoU below which it is background; in between it takes no part. */
  readonly low: number;
  /** Each ground truth also takes the boxes that overlap it most, ties included, however little that is. */
  readonly allowLowQuality: boolean;
}

interface BestOfBox {
  readonly index: Int32Array;
  readonly iou: Float64Array;
}

function bestOfBoxes(iou: Float64Array, boxes: number, truths: number): BestOfBox {
  const best = { index: new Int32Array(boxes), iou: new Float64Array(boxes) };
  for (let a = 0; a < boxes; a++) {
    for (let g = 0; g < truths; g++) {
      const value = iou[a * truths + g] as number;
      if (value <= (best.iou[a] as number)) continue;
      best.iou[a] = value;
      best.index[a] = g;
    }
  }
  return best;
}

/**
 * @param iou [A, G]
 * @returns [A]: the index of the ground truth, `BELOW_LOW` (background) or `BETWEEN` (ignored)
 */
export function matchBoxes(
  iou: Float64Array,
  boxes: number,
  truths: number,
  { high, low, allowLowQuality }: MatchThresholds,
): Int32Array {
  if (truths === 0) return new Int32Array(boxes).fill(BELOW_LOW);
  const best = bestOfBoxes(iou, boxes, truths);
  const matches = best.index.map((g, a) => {
    const value = best.iou[a] as number;
    return value >= high ? g : value < low ? BELOW_LOW : BETWEEN;
  });
  if (!allowLowQuality) return matches;
  for (let g = 0; g < truths; g++) {
    let most = 0;
    for (let a = 0; a < boxes; a++) most = Math.max(most, iou[a * truths + g] as number);
    for (let a = 0; a < boxes; a++) {
      // The box takes its own best ground truth, which need not be g (as torchvision's Matcher has it).
      if (most > 0 && iou[a * truths + g] === most) matches[a] = best.index[a] as number;
    }
  }
  return matches;
}
