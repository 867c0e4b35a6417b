/** Turns the end of a training into a model: measured first, then its files, then one transaction. */
import { exportOnnx, type HostTensor, type Tree, type tf } from '@deepstyle/engine';
import { fenceOf } from '@deepstyle/service/training-jobs';
import { announceModel } from './announce-model.ts';
import { type Evaluated, evaluateModel } from './evaluate-model.ts';
import { TRAINER_VERSION } from './identity.ts';
import {
  countParameters,
  type DetectorParams,
  foldStatistics,
  forwardInfer,
} from './model/faster-rcnn.ts';
import { encodeModel, type ModelFile } from './model-files.ts';
import type { Ports } from './ports.ts';
import {
  activateModel,
  type EvaluationRecord,
  insertModel,
  type ModelRecord,
  type Training,
  trainings,
} from './records.ts';
import { INFERENCE_PROPOSALS } from './training/hyperparameters.ts';
import type { TrainingDataset } from './training-dataset.ts';
import { reportPhase, type SessionResult } from './training-session.ts';

export interface FinishInput {
  readonly training: Training;
  readonly dataset: TrainingDataset;
  readonly session: SessionResult;
}

/** @throws StaleAttemptError */
export async function finishModel(
  { training, dataset, session }: FinishInput,
  ports: Ports,
  signal: AbortSignal,
): Promise<void> {
  const { id, attempt, hyperparameters } = training;
  const { position, state } = session;
  const done = { id, attempt, step: position.step, steps: position.step };
  const file: ModelFile = {
    architecture: hyperparameters.architecture,
    weights: foldStatistics(state.weights, state.statistics),
    categories: dataset.labels.categories,
  };
  const evaluated = await evaluateModel(file, dataset, ports, signal, (images, of) =>
    reportPhase(done, `evaluating: photograph ${images} of ${of}`, ports),
  );
  const keys = await storeModel(id, file, evaluated, ports);
  const model: ModelRecord = {
    id,
    datasetId: training.datasetId,
    labels: training.labels,
    categories: file.categories,
    hyperparameters,
    steps: position.step,
    trainSeconds: position.seconds,
    parameters: countParameters(state.weights as unknown as Tree<HostTensor>),
    ...keys,
    createdAt: ports.clock(),
  };
  const now = ports.clock();
  await ports.database.transaction('detector.finishModel', async (tx) => {
    const end = { state: 'done', detail: summaryOf(model), steps: position.step, now } as const;
    await trainings.close(tx, fenceOf(training), end);
    await insertModel(tx, model);
    await activateModel(tx, id);
    await announceModel(tx, model, ports.outbox);
  });
}

type StoredFiles = Pick<ModelRecord, 'weightsKey' | 'onnxKey' | 'evaluation'>;

async function storeModel(
  modelId: string,
  file: ModelFile,
  evaluated: Evaluated | null,
  { objects }: Ports,
): Promise<StoredFiles> {
  const folder = `models/detector/${modelId}`;
  const weightsKey = `${folder}/weights.safetensors`;
  const onnxKey = `${folder}/detector.onnx`;
  await objects.put(weightsKey, encodeModel(file), 'application/octet-stream');
  await objects.put(onnxKey, exportDetector(file, modelId), 'application/octet-stream');
  if (evaluated === null) return { weightsKey, onnxKey, evaluation: null };
  const detectionsKey = `${folder}/detections.json`;
  const json = new TextEncoder().encode(JSON.stringify(evaluated.detections));
  await objects.put(detectionsKey, json, 'application/json');
  const evaluation: EvaluationRecord = { ...evaluated.figures, detectionsKey };
  return { weightsKey, onnxKey, evaluation };
}

function summaryOf({ steps, evaluation }: ModelRecord): string {
  const trained = `trained ${steps} steps`;
  if (evaluation === null) return `${trained}; the dataset has no photographs to measure it on`;
  const { split, images, ap50, ap50ByType } = evaluation;
  const figure = (value: number | null) => value?.toFixed(3) ?? 'unknown';
  return `${trained}; AP50 ${figure(ap50)}, by type ${figure(ap50ByType)}, on ${images} photographs of ${split}`;
}

/**
 * The network for use elsewhere: `images` [1, H, W, 3] in [-1, 1] -> `boxes` [1, P, 4] xyxy px and `scores` [1, P, K + 1]
 * (class 0 is background); suppression within each category is left to the caller.
 */
function exportDetector({ architecture, weights, categories }: ModelFile, modelId: string) {
  const { height, width } = architecture.image;
  return exportOnnx(
    (params, inputs) => {
      const resting = params as unknown as DetectorParams;
      const images = inputs.images as tf.Tensor4D;
      return { ...forwardInfer(resting, images, architecture, INFERENCE_PROPOSALS) };
    },
    {
      params: weights as unknown as Tree<HostTensor>,
      inputs: { images: { shape: [1, height, width, 3], dtype: 'float32' as const } },
      metadata: {
        model: modelId,
        network: TRAINER_VERSION,
        categories: JSON.stringify(categories.map(({ name }) => name)),
      },
    },
  );
}
