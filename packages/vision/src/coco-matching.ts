import type { CocoAnnotation, CocoBox, CocoDetection } from './coco.ts';

/** Areas of ground truth that count, px^2, both ends included. */
export type AreaRange = readonly [least: number, most: number];

/** Ground truth and detections of one image and category. */
export interface Cell {
  readonly truths: readonly CocoAnnotation[];
  /** Highest score first, at most as many as are counted. */
  readonly detections: readonly CocoDetection[];
  /** Overlaps, `[detection * truths.length + truth]`. */
  readonly iou: Float64Array;
}

/** How the detections of a cell fare for one range of areas. */
export interface CellMatches {
  readonly scores: readonly number[];
  /** For each threshold, [detections]: 1 matched, else 0. */
  readonly matched: readonly Uint8Array[];
  /** For each threshold, [detections]: 1 where the detection counts neither for nor against. */
  readonly ignored: readonly Uint8Array[];
  /** Ground truths that ought to be found. */
  readonly wanted: number;
}

/** Orders as pycocotools does: by score, equal scores as they came. */
export function cellOf(
  truths: readonly CocoAnnotation[],
  detections: readonly CocoDetection[],
  most: number,
): Cell {
  const best = [...detections].sort((one, other) => other.score - one.score).slice(0, most);
  const iou = new Float64Array(best.length * truths.length);
  for (const [d, detection] of best.entries()) {
    for (const [t, truth] of truths.entries()) {
      iou[d * truths.length + t] = cocoIou(detection.bbox, truth.bbox, truth.iscrowd === 1);
    }
  }
  return { truths, detections: best, iou };
}

/** Intersection over union; over the detection's own area where the truth is a crowd. */
function cocoIou(detection: CocoBox, truth: CocoBox, crowd: boolean): number {
  const [x, y, width, height] = detection;
  const [left, top, truthWidth, truthHeight] = truth;
  const shareX = Math.min(x + width, left + truthWidth) - Math.max(x, left);
  const shareY = Math.min(y + height, top + truthHeight) - Math.max(y, top);
  if (shareX <= 0 || shareY <= 0) return 0;
  const shared = shareX * shareY;
  return shared / (crowd ? width * height : width * height + truthWidth * truthHeight - shared);
}

/**
 * Matches detections to ground truth, best score first, at each threshold (COCO's evaluateImg). A truth outside the range of
 * areas, or a crowd, is ignored: what matches it does not count. An unmatched detection outside the range does not count
 * either.
 */
export function matchCell(
  cell: Cell,
  thresholds: readonly number[],
  [least, most]: AreaRange,
): CellMatches {
  const outside = (area: number) => area < least || area > most;
  const isIgnored = cell.truths.map(({ iscrowd, area }) => iscrowd === 1 || outside(area));
  // Those that count come first: a detection looks at ignored ones only when none of these fits.
  const order = [...cell.truths.keys()].sort(
    (one, other) => Number(isIgnored[one]) - Number(isIgnored[other]),
  );
  const outsiders = cell.detections.map(({ bbox }) => outside(bbox[2] * bbox[3]));
  const matched: Uint8Array[] = [];
  const ignored: Uint8Array[] = [];
  for (const threshold of thresholds) {
    const taken = new Uint8Array(cell.truths.length);
    const matches = new Uint8Array(cell.detections.length);
    const skipped = new Uint8Array(cell.detections.length);
    for (let d = 0; d < matches.length; d++) {
      const truth = bestTruth(cell, d, order, isIgnored, taken, threshold);
      if (truth === undefined) {
        skipped[d] = Number(outsiders[d]);
      } else {
        taken[truth] = 1;
        matches[d] = 1;
        skipped[d] = Number(isIgnored[truth]);
      }
    }
    matched.push(matches);
    ignored.push(skipped);
  }
  return {
    scores: cell.detections.map(({ score }) => score),
    matched,
    ignored,
    wanted: isIgnored.filter((ignore) => !ignore).length,
  };
}

/** The free truth that overlaps a detection most, at least by the threshold; of equal ones the last. */
function bestTruth(
  cell: Cell,
  detection: number,
  order: readonly number[],
  isIgnored: readonly boolean[],
  taken: Uint8Array,
  threshold: number,
): number | undefined {
  let best: number | undefined;
  let bestIou = Math.min(threshold, 1 - 1e-10);
  for (const t of order) {
    if (taken[t] === 1 && cell.truths[t]?.iscrowd !== 1) continue;
    if (best !== undefined && isIgnored[best] === false && isIgnored[t] === true) break;
    const iou = cell.iou[detection * cell.truths.length + t] as number;
    if (iou < bestIou) continue;
    best = t;
    bestIou = iou;
  }
  return best;
}
