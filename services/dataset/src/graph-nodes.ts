import { enumValue, globalId, stage } from '@deepstyle/service';
import type { DatasetRecord, ImportRecord } from './records.ts';
import { stageOf } from './stage.ts';

export type DatasetNode = ReturnType<typeof datasetNode>;
export type DatasetImportNode = ReturnType<typeof datasetImportNode>;

/** A dataset as the graph has it. */
export function datasetNode(dataset: DatasetRecord) {
  const { id, name, images, annotations, splits, storedImages, categories } = dataset;
  return {
    id: globalId('Dataset', id),
    name,
    images,
    annotations,
    splits,
    storedImages,
    categories: categories.map((category) => ({
      number: category.id,
      name: category.name,
      type: category.type,
    })),
    createdAt: dataset.createdAt.toISOString(),
    source: enumValue(dataset.source),
    boxConvention: enumValue(dataset.boxConvention),
  };
}

/** An import as the graph has it, but for its dataset. */
export function datasetImportNode(one: ImportRecord, now: Date) {
  const { id, name, folder, datasetId, irregularities } = one;
  return {
    id,
    name,
    folder,
    datasetId,
    progress: stage(stageOf(one), now),
    irregularities: irregularities.map((irregularity) => ({
      ...irregularity,
      effect: enumValue(irregularity.effect),
    })),
    createdAt: one.createdAt.toISOString(),
  };
}
