/** Records as the graph has them: pure. */
import { globalId, stage } from '@deepstyle/service';
import type { ModelRecord, PhotoDetections, Training } from './records.ts';
import { trainingStage } from './stage.ts';

export type DetectorModelNode = ReturnType<typeof modelNode>;

/** A model, but for what is signed or read from other tables. */
export function modelNode(model: ModelRecord) {
  const { id, datasetId, labels, categories, evaluation, createdAt } = model;
  const { steps, trainSeconds, parameters, weightsKey, onnxKey } = model;
  return {
    ...{ steps, trainSeconds, parameters, evaluation, weightsKey, onnxKey },
    id: globalId('DetectorModel', id),
    dataset: { id: globalId('Dataset', datasetId) },
    labels: labels.toUpperCase(),
    ap: evaluation?.ap ?? null,
    ap50: evaluation?.ap50 ?? null,
    categories: categories.map(({ name }) => name),
    createdAt: createdAt.toISOString(),
  };
}

/** A training, but for its model. */
export function trainingNode(training: Training, now: Date) {
  const { id, datasetId, labels, createdAt } = training;
  return {
    id: globalId('DetectorTraining', id),
    dataset: { id: globalId('Dataset', datasetId) },
    labels: labels.toUpperCase(),
    progress: stage(trainingStage(training), now),
    createdAt: createdAt.toISOString(),
  };
}

/** What was found in a photograph, but for the model. */
export function detectionNodes({ modelId, detections }: PhotoDetections) {
  return detections.map((detection) => ({ ...detection, modelId }));
}
