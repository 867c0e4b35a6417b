import type { CocoDetection, CocoTruth } from './coco.ts';

const MOST_NAMED = 5;

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
    const named = ids.slice(0, MOST_NAMED).join(', ') + (ids.length > MOST_NAMED ? ', ...' : '');
    warnings.push(
      `${stray.length} of ${detections.length} detections have a category that the ground truth does not list (${named}) and were left out: check how categories are numbered.`,
    );
  }
  return warnings;
}
