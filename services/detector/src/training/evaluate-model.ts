/** Measures a model on images that it was not trained on, as COCO does. */

import { describeError } from '@deepstyle/platform';
import { engineOptions } from '@deepstyle/training';
import {
  bySupercategory,
  type CocoDataset,
  type CocoDetection,
  type CocoEvaluation,
  evaluateCocoBoxes,
} from '@deepstyle/vision';
import { UnreadablePhotoError } from '../errors.ts';
import type { LabelMap } from '../labels.ts';
import { createInference, type Inference, type NetworkImage } from '../model/inference.ts';
import type { Detection } from '../model/postprocess.ts';
import type { ModelFile } from '../model-file.ts';
import { networkImage } from '../network-image.ts';
import type { Ports } from '../ports.ts';
import type { EvaluationRecord } from '../records.ts';
import type { AnnotatedImage } from './annotated-images.ts';
import { INFERENCE_PROPOSALS, POSTPROCESS } from './hyperparameters.ts';
import type { TrainingDataset } from './training-dataset.ts';

export interface Evaluated {
  readonly figures: Omit<EvaluationRecord, 'detectionsKey'>;
  /** A COCO results file; see labels.ts for its category ids. */
  readonly detections: readonly CocoDetection[];
}

/** Images read and detected together. */
const GROUP = 32;

/** Null where the dataset has nothing to measure on. @throws what engine and store throw; the signal's reason */
export async function evaluateModel(
  ports: Ports,
  model: ModelFile,
  dataset: TrainingDataset,
  signal: AbortSignal,
  onImages: (images: number, of: number) => Promise<void>,
): Promise<Evaluated | null> {
  const { evaluation } = dataset;
  if (evaluation === null) return null;
  const { name, images } = evaluation;
  const truth = truthOf(images, dataset);
  const detections: CocoDetection[] = [];
  const inference = await createInference(model, {
    proposals: INFERENCE_PROPOSALS,
    postprocess: POSTPROCESS,
    engine: engineOptions(ports.settings),
  });
  try {
    for (let first = 0; first < images.length; first += GROUP) {
      signal.throwIfAborted();
      await onImages(first, images.length);
      const group = images.slice(first, first + GROUP);
      detections.push(
        ...(await detectGroup(ports, inference, { model, labels: dataset.labels }, group)),
      );
    }
  } finally {
    await inference.dispose();
  }
  return { figures: figuresOf(name, truth, detections), detections };
}

async function detectGroup(
  ports: Ports,
  inference: Inference,
  { model, labels }: { readonly model: ModelFile; readonly labels: LabelMap },
  images: readonly AnnotatedImage[],
): Promise<CocoDetection[]> {
  const read = await Promise.all(images.map((image) => readImage(ports, image, model)));
  const readable = read.flatMap((image, i) => (image === null ? [] : [{ image, i }]));
  const found = await inference.detect(readable.map(({ image }) => image));
  return readable.flatMap(({ image, i }, place) => {
    const annotated = images[i] as AnnotatedImage;
    return (found[place] ?? []).map((one) => cocoOf(one, labels, annotated, image.photo));
  });
}

/** An image that cannot be decoded shows nothing, which counts against the model. */
async function readImage(
  { objects, settings, logger }: Ports,
  image: AnnotatedImage,
  { architecture }: ModelFile,
): Promise<NetworkImage | null> {
  const bytes = await objects.get(image.objectKey);
  try {
    return await networkImage(bytes, architecture.image, settings.maxPixels);
  } catch (error) {
    if (!(error instanceof UnreadablePhotoError)) throw error;
    const fields = { image: image.fileName, reason: describeError(error) };
    logger.warn(fields, 'an image of the dataset cannot be decoded: nothing is found in it');
    return null;
  }
}

const CENTIPIXELS = 100;
const SCORE_PARTS = 1e6;

/** In pixels of the size that the dataset states; rounded as it is stored, so that anyone gets the same figures. */
function cocoOf(
  { box: [left, top, right, bottom], category, score }: Detection,
  labels: LabelMap,
  annotated: AnnotatedImage,
  photo: NetworkImage['photo'],
): CocoDetection {
  const [across, down] = [annotated.width / photo.width, annotated.height / photo.height];
  const px = (value: number) => Math.round(value * CENTIPIXELS) / CENTIPIXELS;
  return {
    image_id: annotated.id,
    category_id: labels.ids[category] as number,
    bbox: [
      px(left * across),
      px(top * down),
      px((right - left) * across),
      px((bottom - top) * down),
    ],
    score: Math.round(score * SCORE_PARTS) / SCORE_PARTS,
  };
}

/** The split in the model's categories. */
function truthOf(images: readonly AnnotatedImage[], { labels }: TrainingDataset): CocoDataset {
  const annotations = images.flatMap((image) =>
    image.annotations.flatMap(({ box, categoryId, areaPx, isCrowd }) => {
      const place = labels.places.get(categoryId);
      if (place === undefined) return [];
      const category = { image_id: image.id, category_id: labels.ids[place] as number };
      return [{ ...category, bbox: box, area: areaPx, iscrowd: isCrowd ? 1 : 0 } as const];
    }),
  );
  return {
    images: images.map(({ id, width, height, fileName }) => {
      return { id, width, height, file_name: fileName };
    }),
    categories: labels.categories.map(({ name, type }, place) => {
      return { id: labels.ids[place] as number, name, supercategory: type };
    }),
    annotations: annotations.map((annotation, i) => ({ id: i + 1, ...annotation })),
  };
}

function figuresOf(
  split: string,
  truth: CocoDataset,
  detections: readonly CocoDetection[],
): Evaluated['figures'] {
  const { metrics, categories } = evaluateCocoBoxes(truth, detections);
  return {
    split,
    images: truth.images.length,
    ap: measured(metrics.ap),
    ap50: measured(metrics.ap50),
    ap75: measured(metrics.ap75),
    ap50ByType: measured(byType(truth, detections)?.metrics.ap50 ?? -1),
    categories: categories.map(({ name, ap, ap50 }) => {
      return { name, ap: measured(ap), ap50: measured(ap50) };
    }),
  };
}

function byType(
  truth: CocoDataset,
  detections: readonly CocoDetection[],
): CocoEvaluation | undefined {
  const typed = bySupercategory(truth, detections);
  return typed === undefined ? undefined : evaluateCocoBoxes(typed.dataset, typed.detections);
}

/** COCO says -1 where there is nothing to measure by. */
function measured(value: number): number | null {
  return value < 0 ? null : value;
}
