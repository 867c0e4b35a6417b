/** Detections as a run has them: whole pixels, best first. Pure. */
import type { ModelCategory } from '../labels.ts';
import type { ImageSize } from '../model/anchors.ts';
import type { Detection } from '../model/postprocess.ts';
import type { DetectionRecord } from '../records.ts';

const SCORE_PARTS = 1e6;
/** What an event may carry. */
const MOST_NAME = 100;

/** At least one pixel wide and high, inside the photograph. */
export function integerDetections(
  detections: readonly Detection[],
  photo: ImageSize,
  categories: readonly ModelCategory[],
): DetectionRecord[] {
  return detections.map(({ box: [left, top, right, bottom], category, score }) => {
    const { name, type } = categories[category] as ModelCategory;
    const [x1, x2] = wholePixels(left, right, photo.width);
    const [y1, y2] = wholePixels(top, bottom, photo.height);
    return {
      box: [x1, y1, x2, y2],
      category: name.slice(0, MOST_NAME),
      categoryType: type,
      score: Math.round(score * SCORE_PARTS) / SCORE_PARTS,
    };
  });
}

function wholePixels(start: number, end: number, side: number): [number, number] {
  const first = Math.min(side - 1, Math.max(0, Math.round(start)));
  return [first, Math.min(side, Math.max(first + 1, Math.round(end)))];
}
