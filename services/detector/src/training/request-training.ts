/** The api's side of training: plans a training, once, and gives it to a worker. */
import type { datasetV1 } from '@deepstyle/contracts';
import { MAX_TRAINING_STEPS } from '@deepstyle/contracts/request-rules';
import { InvalidArgumentError } from '@deepstyle/platform';
import type { Transaction } from '@deepstyle/storage';
import { DatasetNotTrainableError } from '../errors.ts';
import { type Labels, modelIdOf } from '../identity.ts';
import { labelMapOf } from '../labels.ts';
import type { Ports } from '../ports.ts';
import {
  activateModel,
  modelsById,
  type PlannedTraining,
  queueTraining,
  saveRequest,
  type Training,
  trainingOfRequest,
  trainings,
} from '../records.ts';
import { announceModel } from './announce-model.ts';
import { type Hyperparameters, hyperparametersFor } from './hyperparameters.ts';
import { datasetCategories } from './training-dataset.ts';

export const TRAIN_JOB = 'detector-train';

export interface TrainingRequest {
  readonly idempotencyKey: string;
  readonly datasetId: string;
  readonly labels: Labels;
  /** Null: by the number of images. */
  readonly steps: number | null;
  /** Null: no limit. */
  readonly maxSeconds: number | null;
  readonly seed: number;
}

const MAX_SECONDS = 30 * 86_400;

/**
 * The training of a request: the one that its key started, one of the same dataset, labels and hyperparameters, or a new
 * one.
 *
 * @throws InvalidArgumentError, DatasetNotTrainableError; RemoteError where the dataset is unknown
 */
export async function requestTraining(ports: Ports, request: TrainingRequest): Promise<Training> {
  checkRequest(request);
  const { database } = ports;
  const known = await database.transaction('detector.findRequest', (tx) =>
    trainingOfRequest(tx, request.idempotencyKey),
  );
  if (known !== null) return known;
  const dataset = await ports.calls.getDataset({ datasetId: request.datasetId });
  const hyperparameters = planOf(ports, request, dataset);
  const id = modelIdOf(dataset.datasetId, request.labels, hyperparameters);
  return database.transaction('detector.requestTraining', async (tx) => {
    const planned = { id, datasetId: dataset.datasetId, labels: request.labels, hyperparameters };
    await start(tx, ports, planned);
    await saveRequest(tx, request.idempotencyKey, id, ports.clock());
    const [training] = await trainings.find(tx, [id]);
    return training as Training;
  });
}

async function start(
  tx: Transaction,
  { clock, outbox }: Ports,
  planned: PlannedTraining,
): Promise<void> {
  const now = clock();
  if (await queueTraining(tx, planned, now)) {
    // The time tells a second beginning of a failed training from the first.
    const jobId = `${TRAIN_JOB}:${planned.id}:${now.getTime()}`;
    await outbox.enqueue(tx, TRAIN_JOB, { trainingId: planned.id }, jobId);
    return;
  }
  // Trained before: who asks for it wants it to be used.
  const [model] = await modelsById(tx, [planned.id]);
  if (model === undefined) return;
  await activateModel(tx, model.id);
  await announceModel(tx, outbox, planned.datasetId, model);
}

function checkRequest({ idempotencyKey, steps, maxSeconds, seed }: TrainingRequest): void {
  if (idempotencyKey === '') throw new InvalidArgumentError('idempotencyKey', 'is required');
  checkRange('steps', steps, MAX_TRAINING_STEPS);
  checkRange('maxSeconds', maxSeconds, MAX_SECONDS);
  if (!Number.isSafeInteger(seed)) {
    throw new InvalidArgumentError('seed', `must be a whole number, not ${seed}`);
  }
}

function checkRange(field: string, value: number | null, most: number): void {
  if (value !== null && !(value >= 1 && value <= most)) {
    throw new InvalidArgumentError(field, `must be from 1 to ${most}, not ${value}`);
  }
}

function planOf(
  { settings }: Ports,
  { labels, steps, maxSeconds, seed }: TrainingRequest,
  dataset: datasetV1.GetDatasetResponse,
): Hyperparameters {
  const { name, images, storedImages, splits } = dataset;
  if (storedImages === 0) {
    throw new DatasetNotTrainableError(
      name,
      'none of its images are stored. Import it with its images.',
    );
  }
  const { categories } = labelMapOf(datasetCategories(dataset), labels);
  if (categories.length === 0) throw new DatasetNotTrainableError(name, 'it has no category.');
  const hasSplits = splits !== undefined && splits.none < images;
  if (hasSplits && splits.train === 0) {
    throw new DatasetNotTrainableError(
      name,
      'none of its images are in the split train. Put some there, or leave all without a split.',
    );
  }
  const trained = hasSplits ? splits.train : images;
  return hyperparametersFor(
    { categories: categories.length, images: trained, steps, maxSeconds, seed },
    settings,
  );
}
