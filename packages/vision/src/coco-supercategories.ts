import type { CocoDetection, CocoTruth } from './coco.ts';

/**
 * The same truths and detections told apart by supercategory only (a garment's type, where the categories are garments).
 * Category ids become 1, 2.. in the order of the supercategories' names.
 * @returns undefined where a category has no supercategory
 */
export function bySupercategory(
  dataset: CocoTruth,
  detections: readonly CocoDetection[],
): { readonly dataset: CocoTruth; readonly detections: readonly CocoDetection[] } | undefined {
  const named = dataset.categories.flatMap(({ id, supercategory }) =>
    supercategory === undefined ? [] : [[id, supercategory] as const],
  );
  if (named.length < dataset.categories.length) return undefined;
  const names = [...new Set(named.map(([, name]) => name))].sort();
  const idOf = new Map(named.map(([id, name]) => [id, names.indexOf(name) + 1]));
  // What the dataset does not know stays unknown.
  const moved = <Row extends { readonly category_id: number }>(row: Row): Row => ({
    ...row,
    category_id: idOf.get(row.category_id) ?? 0,
  });
  return {
    dataset: {
      images: dataset.images,
      categories: names.map((name, i) => ({ id: i + 1, name })),
      annotations: dataset.annotations.map(moved),
    },
    detections: detections.map(moved),
  };
}
