import { IOU_THRESHOLDS, linearSpace, type Matches } from './coco-matching.ts';

/** Recalls at which precision is read. */
const RECALLS = Float64Array.from(linearSpace(0, 1, 101));

/** Precision and recall of one category, range of areas and number of detections. */
export interface Curve {
  /** [thresholds, 101]: precision at each recall. */
  readonly precisions: Float64Array;
  /** [thresholds]: the highest recall. */
  readonly recalls: Float64Array;
}

/** What a curve is drawn of. */
export interface Ranking {
  /** Rows of one category's detections, best score first. */
  readonly rows: Int32Array;
  readonly matches: Matches;
  /** Which of `AREA_RANGES`. */
  readonly area: number;
  /** Detections that count in one image. */
  readonly most: number;
  /** Truths that ought to be found. */
  readonly wanted: number;
}

/** Undefined where nothing was to be found. */
export function curveOf(ranking: Ranking): Curve | undefined {
  const { wanted } = ranking;
  if (wanted === 0) return undefined;
  const precisions = new Float64Array(IOU_THRESHOLDS.length * RECALLS.length);
  const recalls = new Float64Array(IOU_THRESHOLDS.length);
  // A crowd may be matched without end, but only truths that count can be hits.
  const precisionAtHit = new Float64Array(wanted);
  for (let t = 0; t < IOU_THRESHOLDS.length; t++) {
    const hits = precisionsAtHits(ranking, t, precisionAtHit);
    readAtRecalls(precisionAtHit, hits, wanted, precisions, t * RECALLS.length);
    recalls[t] = hits / wanted;
  }
  return { precisions, recalls };
}

/** Writes the precision at each hit, best score first. @returns the number of hits */
function precisionsAtHits(ranking: Ranking, threshold: number, precisionAtHit: Float64Array) {
  const { rows, matches, area, most } = ranking;
  const matched = matches.matched[area] as Uint16Array;
  const ignored = matches.ignored[area] as Uint16Array;
  const { rank } = matches;
  const bit = 1 << threshold;
  let counted = 0;
  let hits = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    if ((rank[row] as number) >= most || ((ignored[row] as number) & bit) !== 0) continue;
    counted++;
    if (((matched[row] as number) & bit) === 0) continue;
    hits++;
    precisionAtHit[hits - 1] = hits / (counted + Number.EPSILON);
  }
  return hits;
}

/** Precision at each recall: the best that is still reached at that recall or a higher one; 0 beyond the highest. */
function readAtRecalls(
  precisionAtHit: Float64Array,
  hits: number,
  wanted: number,
  precisions: Float64Array,
  at: number,
): void {
  for (let i = hits - 1; i > 0; i--) {
    const later = precisionAtHit[i] as number;
    if (later > (precisionAtHit[i - 1] as number)) precisionAtHit[i - 1] = later;
  }
  let hit = 0;
  for (let r = 0; r < RECALLS.length; r++) {
    while (hit < hits && (hit + 1) / wanted < (RECALLS[r] as number)) hit++;
    if (hit === hits) return;
    precisions[at + r] = precisionAtHit[hit] as number;
  }
}

/** Mean over all categories that have ground truth; over all thresholds, or the one named. -1 without any. */
export function meanPrecision(curves: readonly (Curve | undefined)[], threshold?: number): number {
  const from = threshold === undefined ? 0 : threshold * RECALLS.length;
  const to = threshold === undefined ? undefined : from + RECALLS.length;
  return meanOf(curves.map((curve) => curve?.precisions.subarray(from, to)));
}

/** Mean of the highest recalls over categories and thresholds; -1 where nothing was to be found. */
export function meanRecall(curves: readonly (Curve | undefined)[]): number {
  return meanOf(curves.map((curve) => curve?.recalls));
}

function meanOf(lists: readonly (Float64Array | undefined)[]): number {
  let sum = 0;
  let count = 0;
  for (const list of lists) {
    if (list === undefined) continue;
    for (let i = 0; i < list.length; i++) sum += list[i] as number;
    count += list.length;
  }
  return count === 0 ? -1 : sum / count;
}
