/** Turns the end of a training into a model: measured first, then its files, then one transaction. */
import { exportOnnx, type HostTensor, type Tree, type tf } from '@deepstyle/engine';
import type { Transaction } from '@deepstyle/storage';
import { countParameters, fenceOf } from '@deepstyle/training';
import { TRAINER_VERSION } from '../identity.ts';
import { type DetectorParams, foldStatistics, forwardInfer } from '../model/faster-rcnn.ts';
import { encodeModel, type ModelFile } from '../model-file.ts';
import type { Ports } from '../ports.ts';
import {
  activateModel,
  insertModel,
  type ModelRecord,
  type Training,
  trainings,
} from '../records.ts';
import { announceModel } from './announce-model.ts';
import { type Evaluated, evaluateModel } from './evaluate-model.ts';
import { INFERENCE_PROPOSALS } from './hyperparameters.ts';
import type { DetectorSession, Trained } from './train-network.ts';
import type { TrainingDataset } from './training-dataset.ts';

export interface FinishInput {
  readonly training: Training;
  readonly dataset: TrainingDataset;
  readonly session: DetectorSession;
  readonly trained: Trained;
}

/** @throws StaleAttemptError */
export async function finishModel(
  ports: Ports,
  { training, dataset, session, trained }: FinishInput,
  signal: AbortSignal,
): Promise<void> {
  const { hyperparameters } = training;
  const { progress, state } = trained;
  const { step } = progress;
  const file: ModelFile = {
    architecture: hyperparameters.architecture,
    weights: foldStatistics(state.weights, state.statistics),
    categories: dataset.labels.categories,
  };
  const evaluated = await evaluateModel(ports, file, dataset, signal, (images, of) => {
    const detail = `evaluating: photograph ${images} of ${of}`;
    return session.report({ step, steps: step, detail });
  });
  const { keys, files } = filesOf(training.id, file, evaluated);
  const model: ModelRecord = {
    id: training.id,
    datasetId: training.datasetId,
    labels: training.labels,
    categories: file.categories,
    hyperparameters,
    steps: step,
    trainSeconds: progress.seconds,
    parameters: countParameters(state.weights),
    ...keys,
    createdAt: ports.clock(),
  };
  await session.finish({ files, record: (tx) => recordModel(tx, ports, training, model) });
}

async function recordModel(
  tx: Transaction,
  { clock, outbox }: Ports,
  training: Training,
  model: ModelRecord,
): Promise<void> {
  const end = {
    state: 'done',
    detail: summaryOf(model),
    steps: model.steps,
    now: clock(),
  } as const;
  await trainings.close(tx, fenceOf(training), end);
  await insertModel(tx, model);
  await activateModel(tx, model.id);
  await announceModel(tx, outbox, training.datasetId, model);
}

/** The files of a model by their keys, and the keys as its record has them. */
function filesOf(modelId: string, file: ModelFile, evaluated: Evaluated | null) {
  const folder = `models/detector/${modelId}`;
  const weightsKey = `${folder}/weights.safetensors`;
  const onnxKey = `${folder}/detector.onnx`;
  const files = { [weightsKey]: encodeModel(file), [onnxKey]: exportDetector(file, modelId) };
  if (evaluated === null) return { keys: { weightsKey, onnxKey, evaluation: null }, files };
  const detectionsKey = `${folder}/detections.json`;
  const json = new TextEncoder().encode(JSON.stringify(evaluated.detections));
  const evaluation = { ...evaluated.figures, detectionsKey };
  return { keys: { weightsKey, onnxKey, evaluation }, files: { ...files, [detectionsKey]: json } };
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
      const folded = params as unknown as DetectorParams;
      const images = inputs.images as tf.Tensor4D;
      return { ...forwardInfer(folded, images, architecture, INFERENCE_PROPOSALS) };
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
