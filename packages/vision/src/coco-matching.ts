import type { DetectionColumns, TruthColumns } from './coco-columns.ts';

/** As numpy's linspace does it, to the last bit: thresholds decide ties. */
export function linearSpace(from: number, to: number, count: number): number[] {
  const step = (to - from) / (count - 1);
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? to : i * step + from));
}

export const IOU_THRESHOLDS: readonly number[] = linearSpace(0.5, 0.95, 10);
/** A match needs this overlap at least; never quite 1, so that rounding cannot refuse a perfect box. */
const MIN_IOU = Float64Array.from(IOU_THRESHOLDS, (value) => Math.min(value, 1 - 1e-10));
const ALL_THRESHOLDS = (1 << IOU_THRESHOLDS.length) - 1;
/** Only the best detections of a category in an image are looked at. */
export const MAX_DETECTIONS = 100;

/** Areas of ground truth that count, px^2, both ends included. */
const AREA_RANGES = [
  [0, 1e10],
  [0, 32 ** 2],
  [32 ** 2, 96 ** 2],
  [96 ** 2, 1e10],
] as const;

/** How each detection fares. Bit t of a word speaks of threshold t. */
export interface Matches {
  /** For each of `AREA_RANGES` [detections]: it has found a truth. */
  readonly matched: readonly Uint16Array[];
  /** For each of `AREA_RANGES` [detections]: it counts neither for nor against. */
  readonly ignored: readonly Uint16Array[];
  /** [detections]: place among those of its image and category, best score first. */
  readonly rank: Uint32Array;
}

/** Room for the matches of `count` detections. */
export function emptyMatches(count: number): Matches {
  const words = () => AREA_RANGES.map(() => new Uint16Array(count));
  return { matched: words(), ignored: words(), rank: new Uint32Array(count) };
}

/** One image and category: runs of row numbers. */
export interface Cell {
  /** Rows of truths, from `firstTruth` to before `lastTruth`. */
  readonly truthRows: Int32Array;
  readonly firstTruth: number;
  readonly lastTruth: number;
  /** Rows of detections, best score first, equal scores as they came. */
  readonly detectionRows: Int32Array;
  readonly firstDetection: number;
  readonly lastDetection: number;
}

/**
 * Matches detections to ground truth, best score first, at each threshold and for each range of areas (COCO's
 * evaluateImg). A truth outside the range, or a crowd, is ignored: what matches it does not count. An unmatched detection
 * outside the range does not count either. Keeps its working memory from cell to cell.
 */
export class CellMatcher {
  readonly #truths: TruthColumns;
  readonly #detections: DetectionColumns;
  readonly #matches: Matches;
  /** Of the cell, [detections, truths]. */
  #iou = new Float64Array(1024);
  /** [detections]: the most that a detection overlaps any truth. */
  readonly #highest = new Float64Array(MAX_DETECTIONS);
  /** [truths]: places in the cell in the order in which they are looked at. */
  #order = new Int32Array(64);
  /** [truths], in that order: 1 where it does not count. */
  #isIgnored = new Uint8Array(64);
  /** [truths], in that order: thresholds at which it is taken. */
  #taken = new Uint16Array(64);

  constructor(truths: TruthColumns, detections: DetectionColumns, matches: Matches) {
    this.#truths = truths;
    this.#detections = detections;
    this.#matches = matches;
  }

  match(cell: Cell): void {
    const { detectionRows, firstDetection, lastDetection } = cell;
    const truthCount = cell.lastTruth - cell.firstTruth;
    const detectionCount = Math.min(MAX_DETECTIONS, lastDetection - firstDetection);
    const { rank } = this.#matches;
    for (let i = firstDetection; i < lastDetection; i++) {
      rank[detectionRows[i] as number] = i - firstDetection;
    }
    if (truthCount > 0 && detectionCount > 0) this.#measure(cell, truthCount, detectionCount);
    for (let area = 0; area < AREA_RANGES.length; area++) {
      if (truthCount > 0) this.#orderTruths(cell, area);
      for (let d = 0; d < detectionCount; d++) this.#matchDetection(cell, d, area);
    }
  }

  #measure(cell: Cell, truthCount: number, detectionCount: number): void {
    if (this.#order.length < truthCount) {
      this.#order = new Int32Array(truthCount * 2);
      this.#isIgnored = new Uint8Array(truthCount * 2);
      this.#taken = new Uint16Array(truthCount * 2);
    }
    if (this.#iou.length < truthCount * detectionCount) {
      this.#iou = new Float64Array(truthCount * detectionCount * 2);
    }
    for (let d = 0; d < detectionCount; d++) {
      const row = cell.detectionRows[cell.firstDetection + d] as number;
      let highest = 0;
      for (let t = 0; t < truthCount; t++) {
        const iou = this.#overlap(row, cell.truthRows[cell.firstTruth + t] as number);
        this.#iou[d * truthCount + t] = iou;
        if (iou > highest) highest = iou;
      }
      this.#highest[d] = highest;
    }
  }

  /** Intersection over union; over the detection's own area where the truth is a crowd. */
  #overlap(detection: number, truth: number): number {
    const found = this.#detections;
    const truths = this.#truths;
    const left = found.left[detection] as number;
    const top = found.top[detection] as number;
    const width = found.width[detection] as number;
    const height = found.height[detection] as number;
    const truthLeft = truths.left[truth] as number;
    const truthTop = truths.top[truth] as number;
    const truthWidth = truths.width[truth] as number;
    const truthHeight = truths.height[truth] as number;
    const shareX = Math.min(left + width, truthLeft + truthWidth) - Math.max(left, truthLeft);
    if (shareX <= 0) return 0;
    const shareY = Math.min(top + height, truthTop + truthHeight) - Math.max(top, truthTop);
    if (shareY <= 0) return 0;
    const shared = shareX * shareY;
    const own = width * height;
    if (truths.crowd[truth] === 1) return shared / own;
    return shared / (own + truthWidth * truthHeight - shared);
  }

  /** Those that count come first: a detection looks at ignored ones only when none of these fits. */
  #orderTruths(cell: Cell, area: number): void {
    const { truthRows, firstTruth, lastTruth } = cell;
    let next = 0;
    for (let ignored = 0; ignored <= 1; ignored++) {
      for (let i = firstTruth; i < lastTruth; i++) {
        const row = truthRows[i] as number;
        const outside = isOutside(this.#truths.area[row] as number, area);
        if (Number(outside || this.#truths.crowd[row] === 1) !== ignored) continue;
        this.#order[next] = i - firstTruth;
        this.#isIgnored[next] = ignored;
        this.#taken[next] = 0;
        next++;
      }
    }
  }

  #matchDetection(cell: Cell, d: number, area: number): void {
    const truthCount = cell.lastTruth - cell.firstTruth;
    const row = cell.detectionRows[cell.firstDetection + d] as number;
    const highest = truthCount === 0 ? 0 : (this.#highest[d] as number);
    const outside = isOutside(this.#detections.area[row] as number, area);
    let matched = 0;
    let ignored = outside ? ALL_THRESHOLDS : 0;
    for (let t = 0; t < MIN_IOU.length && highest >= (MIN_IOU[t] as number); t++) {
      const best = this.#bestTruth(cell, d * truthCount, truthCount, t);
      if (best < 0) continue;
      this.#taken[best] = (this.#taken[best] as number) | (1 << t);
      const isCounted = !this.#isUncounted(cell, this.#order[best] as number);
      if (isCounted) matched |= 1 << t;
      if (this.#isIgnored[best] === 1) ignored |= 1 << t;
      else if (isCounted) ignored &= ~(1 << t);
    }
    (this.#matches.matched[area] as Uint16Array)[row] = matched;
    (this.#matches.ignored[area] as Uint16Array)[row] = ignored;
  }

  /**
   * The free truth that overlaps a detection most, at least by the threshold; of equal ones the last. A crowd is always free.
   * @returns its place in the order, or -1
   */
  #bestTruth(cell: Cell, firstIou: number, truthCount: number, threshold: number): number {
    let best = -1;
    let bestIou = MIN_IOU[threshold] as number;
    for (let i = 0; i < truthCount; i++) {
      const place = this.#order[i] as number;
      const isTaken = ((this.#taken[i] as number) >>> threshold) & 1;
      if (isTaken === 1 && !this.#isCrowd(cell, place)) continue;
      if (best >= 0 && this.#isIgnored[best] === 0 && this.#isIgnored[i] === 1) break;
      const iou = this.#iou[firstIou + place] as number;
      if (iou < bestIou) continue;
      best = i;
      bestIou = iou;
    }
    return best;
  }

  #isCrowd(cell: Cell, place: number): boolean {
    return this.#truths.crowd[cell.truthRows[cell.firstTruth + place] as number] === 1;
  }

  /** A detection that matches it stays unmatched, and the truth is taken nevertheless: so pycocotools' ids have it. */
  #isUncounted(cell: Cell, place: number): boolean {
    return this.#truths.isUncounted[cell.truthRows[cell.firstTruth + place] as number] === 1;
  }
}

/** Whether an area lies outside one of `AREA_RANGES`. */
export function isOutside(area: number, range: number): boolean {
  const [least, most] = AREA_RANGES[range] as readonly [number, number];
  return area < least || area > most;
}
