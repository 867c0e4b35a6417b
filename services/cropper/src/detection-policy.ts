import { type CategoryType, categoryName, type EventData } from '@deepstyle/contracts';
import { boxIou } from '@deepstyle/vision';

export type Detection = EventData<'deepstyle.photo.detected.v1'>['detections'][number];

/** Which detections are garments. */
export interface DetectionPolicy {
  /** Least certainty in [0, 1]. */
  readonly minScore: number;
  /** Least certainty of some categories, or of all of a type; a category's own goes before its type's. */
  readonly minScores: ReadonlyMap<string, number>;
  /** Categories and types that are cut; empty: all. */
  readonly categories: readonly string[];
  /** Least side of a box in pixels: nothing is to be learnt from less. */
  readonly minSidePx: number;
  /** IoU above which two boxes, whatever their categories, are one garment. */
  readonly maxOverlap: number;
}

/** The detections that are garments, by the policy; the most certain first. In whatever order they come, the same. */
export function acceptedDetections(
  detections: readonly Detection[],
  policy: DetectionPolicy,
): readonly Detection[] {
  const wanted = detections
    .map((detection) => ({ ...detection, category: categoryName(detection.category) }))
    .filter((detection) => isWanted(detection, policy))
    .sort(byCertainty);
  return withoutOverlap(wanted, policy.maxOverlap);
}

function isWanted({ box, category, categoryType, score }: Detection, policy: DetectionPolicy) {
  const { categories, minSidePx } = policy;
  const [x1, y1, x2, y2] = box;
  if (x2 - x1 < minSidePx || y2 - y1 < minSidePx) return false;
  const isNamed = categories.includes(category) || categories.includes(categoryType);
  if (categories.length > 0 && !isNamed) return false;
  return score >= leastScore(category, categoryType, policy);
}

function leastScore(category: string, type: CategoryType, policy: DetectionPolicy): number {
  const { minScore, minScores } = policy;
  return minScores.get(category) ?? minScores.get(type) ?? minScore;
}

function byCertainty(one: Detection, other: Detection): number {
  if (one.score !== other.score) return other.score - one.score;
  if (one.category !== other.category) return one.category < other.category ? -1 : 1;
  const place = one.box.findIndex((value, i) => value !== other.box[i]);
  return place === -1 ? 0 : (one.box[place] ?? 0) - (other.box[place] ?? 0);
}

/**
 * A detector suppresses within each category; a garment that it takes for two categories at once stays twice. Of such boxes
 * the most certain stands.
 */
function withoutOverlap(byScore: readonly Detection[], maxOverlap: number): readonly Detection[] {
  const iou = boxIou(boxesOf(byScore), boxesOf(byScore));
  const kept: number[] = [];
  for (const place of byScore.keys()) {
    const isKnown = kept.some((other) => {
      const overlap = iou[place * byScore.length + other] ?? 0;
      // The same box is the same garment, also where all overlap is allowed: its id is that of its box.
      return overlap > maxOverlap || overlap === 1;
    });
    if (!isKnown) kept.push(place);
  }
  return kept.flatMap((place) => byScore[place] ?? []);
}

function boxesOf(detections: readonly Detection[]): Float64Array {
  return Float64Array.from(detections.flatMap(({ box }) => box));
}
