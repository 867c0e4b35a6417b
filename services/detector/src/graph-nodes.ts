/** Records as the graph has them: pure. */
import { enumValue, globalId, stage } from '@deepstyle/service';
import type {
  DetectionRecord,
  EvaluationRecord,
  ModelRecord,
  PhotoDetections,
  Training,
} from './records.ts';
import { trainingStage } from './stage.ts';

export type DetectorModelNode = ReturnType<typeof modelNode>;
export type DetectorTrainingNode = ReturnType<typeof trainingNode>;
export type DetectorEvaluationNode = EvaluationRecord;
export interface DetectionNode extends DetectionRecord {
  readonly modelId: string;
}

/** A model, but for what is signed or read from other tables. */
export function modelNode(model: ModelRecord) {
  const { id, datasetId, labels, categories, evaluation, createdAt } = model;
  const { steps, trainSeconds, parameters, weightsKey, onnxKey } = model;
  return {
    id: globalId('DetectorModel', id),
    dataset: datasetId === null ? null : { id: globalId('Dataset', datasetId) },
    network: networkOf(model),
    labels: enumValue(labels),
    ap: evaluation?.ap ?? null,
    ap50: evaluation?.ap50 ?? null,
    categories: categories.map(({ name }) => name),
    steps,
    trainSeconds,
    parameters,
    evaluation,
    weightsKey,
    onnxKey,
    createdAt: createdAt.toISOString(),
  };
}

/** What a model is made of, which one that was not trained here says itself. */
function networkOf({ datasetId, hyperparameters }: ModelRecord): string {
  const { network } = { network: '', ...hyperparameters };
  return datasetId === null ? network : 'Faster R-CNN (Ren et al. 2015)';
}

/** A training, but for its model. */
export function trainingNode(training: Training, now: Date) {
  const { id, datasetId, labels, createdAt } = training;
  return {
    id: globalId('DetectorTraining', id),
    dataset: { id: globalId('Dataset', datasetId) },
    labels: enumValue(labels),
    progress: stage(trainingStage(training), now),
    createdAt: createdAt.toISOString(),
  };
}

/** What was found in a photograph, but for the model. */
export function detectionNodes({ modelId, detections }: PhotoDetections): DetectionNode[] {
  return detections.map((detection) => ({ ...detection, modelId }));
}
