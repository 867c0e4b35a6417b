/** The dataset of a training, as the dataset service describes it and as its file holds it. */
import type { datasetV1 } from '@deepstyle/contracts';
import { DatasetNotTrainableError } from '../errors.ts';
import { type DatasetCategory, type LabelMap, labelMapOf } from '../labels.ts';
import type { Ports } from '../ports.ts';
import type { Training } from '../records.ts';
import { type AnnotatedImage, readDatasetContent } from './annotated-images.ts';
import { type Splits, splitImages } from './splits.ts';

export interface TrainingDataset extends Splits {
  readonly name: string;
  readonly categories: readonly DatasetCategory[];
  readonly labels: LabelMap;
}

export function datasetCategories({
  categories,
}: Pick<datasetV1.GetDatasetResponse, 'categories'>): DatasetCategory[] {
  return categories.map(({ id, name, type }) => ({
    id,
    name,
    type: type as DatasetCategory['type'],
  }));
}

/** @throws DatasetNotTrainableError, DatasetFileError, and what the calls and the store throw */
export async function loadTrainingDataset(
  { calls, objects, logger }: Ports,
  training: Training,
): Promise<TrainingDataset> {
  const { datasetId, labels } = training;
  const { name, annotationsObject } = await calls.getDataset({ datasetId });
  if (annotationsObject === undefined) {
    throw new DatasetNotTrainableError(name, 'its annotations are not stored. Import it again.');
  }
  const content = await readDatasetContent(objects, annotationsObject.key);
  const splits = splitImages(content.images);
  if (splits.train.length === 0) {
    throw new DatasetNotTrainableError(
      name,
      'none of the images to train on are stored. Import it with its images.',
    );
  }
  const boxes = (images: readonly AnnotatedImage[]) =>
    images.reduce((sum, { annotations }) => sum + annotations.length, 0);
  logger.info(
    {
      dataset: name,
      train: splits.train.length,
      trainBoxes: boxes(splits.train),
      evaluated: splits.evaluation?.images.length ?? 0,
      withoutBytes: content.withoutBytes,
    },
    'a dataset was read',
  );
  const { categories } = content;
  return { ...splits, name, categories, labels: labelMapOf(categories, labels) };
}
