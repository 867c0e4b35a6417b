import { globalId, stage } from '@deepstyle/service';
import type { DatasetRecord } from './records/datasets.ts';
import type { ImportRecord } from './records/imports.ts';

export type DatasetNode = ReturnType<typeof datasetNode>;

/** A dataset as the graph has it. */
export function datasetNode(dataset: DatasetRecord) {
  const { id, name, images, annotations, splits, storedImages } = dataset;
  return {
    id: globalId('Dataset', id),
    name,
    images,
    annotations,
    splits,
    storedImages,
    categories: dataset.categories.map((category) => ({
      number: category.id,
      name: category.name,
      type: category.type,
    })),
    createdAt: dataset.createdAt.toISOString(),
    source: dataset.source.toUpperCase(),
    boxConvention: dataset.boxConvention.toUpperCase(),
  };
}

/** An import as the graph has it, but for its dataset. */
export function importNode(one: ImportRecord, now: Date) {
  const { id, name, folder, datasetId, state, done, expected, detail, updatedAt } = one;
  return {
    id,
    name,
    folder,
    datasetId,
    progress: stage({ state, done, failed: 0, expected, detail, updatedAt }, now),
    irregularities: one.irregularities.map((irregularity) => ({
      ...irregularity,
      effect: irregularity.effect.toUpperCase(),
    })),
    createdAt: one.createdAt.toISOString(),
  };
}
