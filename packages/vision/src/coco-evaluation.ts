import type { CocoAnnotation, CocoDataset, CocoDetection } from './coco.ts';
import { type AreaRange, type Cell, type CellMatches, cellOf, matchCell } from './coco-matching.ts';

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

export const IOU_THRESHOLDS: readonly number[] = linearSpace(0.5, 0.95, 10);
const RECALLS = linearSpace(0, 1, 101);
const AREAS = {
  all: [0, 1e10],
  small: [0, 32 ** 2],
  medium: [32 ** 2, 96 ** 2],
  large: [96 ** 2, 1e10],
} as const satisfies Record<string, AreaRange>;
const MOST_DETECTIONS = 100;

/** As numpy does it, to the last bit: thresholds decide ties. */
function linearSpace(from: number, to: number, count: number): number[] {
  const step = (to - from) / (count - 1);
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? to : i * step + from));
}

/** Precision and recall of one category, range of areas and number of detections. */
interface Curve {
  /** For each threshold, precision at each of the 101 recalls. */
  readonly precisions: readonly Float64Array[];
  /** For each threshold, the highest recall. */
  readonly recalls: readonly number[];
}

/**
 * Evaluates boxes as pycocotools does for `bbox` (Lin et al. 2014; cocoapi's cocoeval): continuous boxes, sizes by the
 * annotation's `area`, crowds ignored, at most 100 detections of a category in an image. One difference: an annotation with id 0
 * is matched like any other.
 */
export function evaluateCocoBoxes(
  dataset: CocoDataset,
  detections: readonly CocoDetection[],
  options: CocoEvaluationOptions = {},
): CocoEvaluation {
  const { useCategories = true } = options;
  const categoryIds = [...new Set(dataset.categories.map(({ id }) => id))].sort(ascending);
  const groups = useCategories ? categoryIds.map((id) => [id]) : [categoryIds];
  const cells = groups.map((ids) => cellsOf(dataset, detections, ids));
  const curvesOf = (area: keyof typeof AREAS, most = MOST_DETECTIONS) => {
    return cells.map((group) =>
      curveOf(
        group.map((cell) => matchCell(cell, IOU_THRESHOLDS, AREAS[area])),
        most,
      ),
    );
  };
  const all = curvesOf('all');
  const small = curvesOf('small');
  const medium = curvesOf('medium');
  const large = curvesOf('large');
  return {
    metrics: {
      ap: meanPrecision(all),
      ap50: meanPrecision(all, 0),
      ap75: meanPrecision(all, 5),
      apSmall: meanPrecision(small),
      apMedium: meanPrecision(medium),
      apLarge: meanPrecision(large),
      ar1: meanRecall(curvesOf('all', 1)),
      ar10: meanRecall(curvesOf('all', 10)),
      ar100: meanRecall(all),
      arSmall: meanRecall(small),
      arMedium: meanRecall(medium),
      arLarge: meanRecall(large),
    },
    apByIou: IOU_THRESHOLDS.map((_, t) => meanPrecision(all, t)),
    categories: useCategories ? byCategory(dataset, categoryIds, all) : [],
  };
}

function ascending(one: number, other: number): number {
  return one - other;
}

/** The cells of some categories, by image id; images with neither truths nor detections have none. */
function cellsOf(
  dataset: CocoDataset,
  detections: readonly CocoDetection[],
  categoryIds: readonly number[],
): Cell[] {
  const truths = byImage(dataset.annotations, categoryIds);
  const found = byImage(detections, categoryIds);
  const imageIds = [...new Set([...truths.keys(), ...found.keys()])].sort(ascending);
  return imageIds.map((id) => cellOf(truths.get(id) ?? [], found.get(id) ?? [], MOST_DETECTIONS));
}

function byImage<Row extends Pick<CocoAnnotation, 'image_id' | 'category_id'>>(
  rows: readonly Row[],
  categoryIds: readonly number[],
): Map<number, Row[]> {
  const images = new Map<number, Row[]>();
  // By category first: the order that decides between equal scores and overlaps when categories are not told apart.
  for (const categoryId of categoryIds) {
    for (const row of rows) {
      if (row.category_id !== categoryId) continue;
      const list = images.get(row.image_id);
      if (list === undefined) images.set(row.image_id, [row]);
      else list.push(row);
    }
  }
  return images;
}

/** Undefined where nothing was to be found. */
function curveOf(images: readonly CellMatches[], most: number): Curve | undefined {
  const wanted = images.reduce((sum, image) => sum + image.wanted, 0);
  if (wanted === 0) return undefined;
  const ranked = images
    .flatMap((image) => image.scores.slice(0, most).map((score, d) => ({ image, d, score })))
    .sort((one, other) => other.score - one.score);
  const precisions: Float64Array[] = [];
  const recalls: number[] = [];
  for (let t = 0; t < IOU_THRESHOLDS.length; t++) {
    const hits = ranked
      .filter(({ image, d }) => image.ignored[t]?.[d] === 0)
      .map(({ image, d }) => image.matched[t]?.[d] === 1);
    const { precision, recall } = precisionAtRecalls(hits, wanted);
    precisions.push(precision);
    recalls.push(recall);
  }
  return { precisions, recalls };
}

/** @param hits whether each detection is right, best first */
function precisionAtRecalls(hits: readonly boolean[], wanted: number) {
  const recall = new Float64Array(hits.length);
  const precision = new Float64Array(hits.length);
  let right = 0;
  for (const [i, hit] of hits.entries()) {
    if (hit) right++;
    recall[i] = right / wanted;
    precision[i] = right / (i + 1 + Number.EPSILON);
  }
  for (let i = hits.length - 1; i > 0; i--) {
    precision[i - 1] = Math.max(precision[i - 1] as number, precision[i] as number);
  }
  let at = 0;
  const sampled = Float64Array.from(RECALLS, (wantedRecall) => {
    while (at < recall.length && (recall[at] as number) < wantedRecall) at++;
    return precision[at] ?? 0;
  });
  return { precision: sampled, recall: recall.at(-1) ?? 0 };
}

/** Mean over all categories that have ground truth; over all thresholds, or the one named. */
function meanPrecision(curves: readonly (Curve | undefined)[], threshold?: number): number {
  const values = curves.flatMap((curve) =>
    (curve?.precisions ?? [])
      .filter((_, t) => threshold === undefined || t === threshold)
      .flatMap((row) => [...row]),
  );
  return meanOf(values);
}

function meanRecall(curves: readonly (Curve | undefined)[]): number {
  return meanOf(curves.flatMap((curve) => curve?.recalls ?? []));
}

function meanOf(values: readonly number[]): number {
  if (values.length === 0) return -1;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function byCategory(
  dataset: CocoDataset,
  ids: readonly number[],
  curves: readonly (Curve | undefined)[],
): CategoryPrecision[] {
  return ids.map((id, i) => ({
    id,
    name: dataset.categories.find((category) => category.id === id)?.name ?? String(id),
    ap: meanPrecision([curves[i]]),
    ap50: meanPrecision([curves[i]], 0),
    truths: dataset.annotations.filter((row) => row.category_id === id && row.iscrowd === 0).length,
  }));
}
