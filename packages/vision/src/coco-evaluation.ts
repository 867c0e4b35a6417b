import type { CocoDetection, CocoTruth } from './coco.ts';
import {
  type DetectionColumns,
  detectionColumns,
  type IdIndex,
  indexIds,
  type TruthColumns,
  truthColumns,
} from './coco-columns.ts';
import {
  CellMatcher,
  emptyMatches,
  IOU_THRESHOLDS,
  isOutside,
  MAX_DETECTIONS,
} from './coco-matching.ts';
import { type Curve, curveOf, meanPrecision, meanRecall } from './coco-precision.ts';
import { firstOrder, orderedBy, orderedByDescending } from './stable-order.ts';

/** COCO's twelve numbers, in [0, 1]; -1 where there is no ground truth to measure by. */
export interface CocoMetrics {
  /** Mean average precision over IoU 0.50..0.95 in steps of 0.05, up to 100 detections an image. */
  readonly ap: number;
  readonly ap50: number;
  readonly ap75: number;
  /** By area of the truth: below 32^2, 32^2..96^2, above 96^2 px^2. */
  readonly apSmall: number;
  readonly apMedium: number;
  readonly apLarge: number;
  /** Average recall with up to 1, 10, 100 detections an image. */
  readonly ar1: number;
  readonly ar10: number;
  readonly ar100: number;
  readonly arSmall: number;
  readonly arMedium: number;
  readonly arLarge: number;
}

export interface CategoryPrecision {
  readonly id: number;
  readonly name: string;
  /** -1 where the category has no ground truth. */
  readonly ap: number;
  readonly ap50: number;
  /** Ground truths that count. */
  readonly truths: number;
}

export interface CocoEvaluation {
  readonly metrics: CocoMetrics;
  /** One value for each threshold of `IOU_THRESHOLDS`. */
  readonly apByIou: readonly number[];
  /** In the order of the category ids; empty where categories are not told apart. */
  readonly categories: readonly CategoryPrecision[];
}

export interface CocoEvaluationOptions {
  /** False: a box counts whatever its category (proposals). */
  readonly useCategories?: boolean;
}

/** Places in `AREA_RANGES`. */
const [ALL, SMALL, MEDIUM, LARGE] = [0, 1, 2, 3] as const;

/**
 * Evaluates boxes as pycocotools does for `bbox` (Lin et al. 2014; cocoapi's cocoeval): continuous boxes, sizes by the
 * annotation's `area`, crowds ignored, at most 100 detections of a category in an image. As there, an annotation with id 0 is
 * never counted as found: `evaluationWarnings` tells of it.
 */
export function evaluateCocoBoxes(
  dataset: CocoTruth,
  detections: readonly CocoDetection[],
  options: CocoEvaluationOptions = {},
): CocoEvaluation {
  const { useCategories = true } = options;
  const images = indexIds(dataset.images);
  const categories = indexIds(dataset.categories);
  const truths = truthColumns(dataset, images, categories);
  const found = detectionColumns(detections, images, categories);
  const groups = groupsOf(truths, found, images.size, categories.size, useCategories);
  const matches = emptyMatches(found.count);
  const matcher = new CellMatcher(truths, found, matches);
  for (const group of groups) matchGroup(group, truths, found, matcher);
  const curvesOf = (area: number, most = MAX_DETECTIONS) =>
    groups.map(({ ranked, truthRows }) =>
      curveOf({ rows: ranked, matches, area, most, wanted: wantedIn(truths, truthRows, area) }),
    );
  const all = curvesOf(ALL);
  return {
    metrics: metricsOf(all, curvesOf),
    apByIou: IOU_THRESHOLDS.map((_, t) => meanPrecision(all, t)),
    categories: useCategories ? byCategory(dataset, categories, groups, truths, all) : [],
  };
}

type CurvesOf = (area: number, most?: number) => (Curve | undefined)[];

function metricsOf(all: readonly (Curve | undefined)[], curvesOf: CurvesOf): CocoMetrics {
  const [small, medium, large] = [curvesOf(SMALL), curvesOf(MEDIUM), curvesOf(LARGE)];
  return {
    ap: meanPrecision(all),
    ap50: meanPrecision(all, IOU_THRESHOLDS.indexOf(0.5)),
    ap75: meanPrecision(all, IOU_THRESHOLDS.indexOf(0.75)),
    apSmall: meanPrecision(small),
    apMedium: meanPrecision(medium),
    apLarge: meanPrecision(large),
    ar1: meanRecall(curvesOf(ALL, 1)),
    ar10: meanRecall(curvesOf(ALL, 10)),
    ar100: meanRecall(all),
    arSmall: meanRecall(small),
    arMedium: meanRecall(medium),
    arLarge: meanRecall(large),
  };
}

/** What is told apart: a category, or all of them together. */
interface Group {
  /** Rows of truths by image; in an image by category, then as they came. */
  readonly truthRows: Int32Array;
  /** Rows of detections by image; in an image best score first. */
  readonly detectionRows: Int32Array;
  /** Rows of detections, best score first over all images. */
  readonly ranked: Int32Array;
}

function groupsOf(
  truths: TruthColumns,
  found: DetectionColumns,
  imageCount: number,
  categoryCount: number,
  useCategories: boolean,
): Group[] {
  const { category } = found;
  // By category first: the order that decides between equal scores and overlaps when categories are not told apart.
  let truthRows = orderedBy(firstOrder(truths.count), truths.category, categoryCount);
  truthRows = orderedBy(truthRows, truths.image, imageCount);
  let ranked = orderedBy(firstOrder(found.count), category, categoryCount);
  ranked = orderedByDescending(orderedBy(ranked, found.image, imageCount), found.score);
  let detectionRows = orderedBy(ranked, found.image, imageCount);
  if (!useCategories) return [{ truthRows, detectionRows, ranked }];
  truthRows = orderedBy(truthRows, truths.category, categoryCount);
  ranked = orderedBy(ranked, category, categoryCount);
  detectionRows = orderedBy(detectionRows, category, categoryCount);
  const groups: Group[] = [];
  for (let k = 0, truth = 0, detection = 0; k < categoryCount; k++) {
    const afterTruth = runEnd(truthRows, truth, truths.category, k);
    const afterDetection = runEnd(ranked, detection, category, k);
    groups.push({
      truthRows: truthRows.subarray(truth, afterTruth),
      detectionRows: detectionRows.subarray(detection, afterDetection),
      ranked: ranked.subarray(detection, afterDetection),
    });
    truth = afterTruth;
    detection = afterDetection;
  }
  return groups;
}

/** Where the run of rows with a key ends that may begin at `from`. */
function runEnd(rows: Int32Array, from: number, keys: Int32Array, key: number): number {
  let end = from;
  while (end < rows.length && keys[rows[end] as number] === key) end++;
  return end;
}

/** Walks the images that have truths or detections, both of which come in the order of the images. */
function matchGroup(
  { truthRows, detectionRows }: Group,
  truths: TruthColumns,
  found: DetectionColumns,
  matcher: CellMatcher,
): void {
  let firstTruth = 0;
  let firstDetection = 0;
  while (firstDetection < detectionRows.length) {
    const image = found.image[detectionRows[firstDetection] as number] as number;
    while (
      firstTruth < truthRows.length &&
      (truths.image[truthRows[firstTruth] as number] as number) < image
    ) {
      firstTruth++;
    }
    const lastTruth = runEnd(truthRows, firstTruth, truths.image, image);
    const lastDetection = runEnd(detectionRows, firstDetection, found.image, image);
    matcher.match({
      truthRows,
      firstTruth,
      lastTruth,
      detectionRows,
      firstDetection,
      lastDetection,
    });
    firstTruth = lastTruth;
    firstDetection = lastDetection;
  }
}

function wantedIn(truths: TruthColumns, rows: Int32Array, area: number): number {
  let wanted = 0;
  for (const row of rows) {
    if (truths.crowd[row] === 0 && !isOutside(truths.area[row] as number, area)) wanted++;
  }
  return wanted;
}

function byCategory(
  dataset: CocoTruth,
  ids: IdIndex,
  groups: readonly Group[],
  truths: TruthColumns,
  curves: readonly (Curve | undefined)[],
): CategoryPrecision[] {
  const names = new Map(dataset.categories.map(({ id, name }) => [id, name]));
  return [...ids].map(([id, k]) => ({
    id,
    name: names.get(id) ?? String(id),
    ap: meanPrecision([curves[k]]),
    ap50: meanPrecision([curves[k]], 0),
    truths: wantedIn(truths, groups[k]?.truthRows ?? new Int32Array(), ALL),
  }));
}

const MAX_NAMED = 5;

/** What holds together and is evaluated, but hardly meant: each as a sentence that says what to do. */
export function evaluationWarnings(
  { annotations, categories }: CocoTruth,
  detections: readonly CocoDetection[],
): string[] {
  const warnings: string[] = [];
  if (annotations.some(({ id }) => id === 0)) {
    warnings.push(
      'The annotation with id 0 counts as never found, as in pycocotools: number annotations from 1.',
    );
  }
  const known = new Set(categories.map(({ id }) => id));
  const stray = detections.filter(({ category_id }) => !known.has(category_id));
  if (stray.length > 0) {
    const ids = [...new Set(stray.map(({ category_id }) => category_id))].sort((a, b) => a - b);
    const named = ids.slice(0, MAX_NAMED).join(', ') + (ids.length > MAX_NAMED ? ', ...' : '');
    warnings.push(
      `${stray.length} of ${detections.length} detections have a category that the ground truth does not list (${named}) and were left out: check how categories are numbered.`,
    );
  }
  return warnings;
}
