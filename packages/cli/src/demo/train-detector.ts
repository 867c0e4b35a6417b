import { randomUUID } from 'node:crypto';
import { DeepStyleError } from '@deepstyle/platform';
import { type GraphClient, GraphRequestError } from '../graph-client.ts';
import type { ProgressView } from '../progress.ts';
import {
  DATASET_IMPORT,
  type DatasetImportView,
  DETECTOR_TRAINING,
  type DetectorModelView,
  type DetectorTrainingView,
  IMPORT_DATASET,
  type Progress,
  TRAIN_DETECTOR,
  type UserError,
} from './detector-queries.ts';

/** The graph refused to begin something, or it ended without a result. */
class DemoStepFailedError extends DeepStyleError {
  constructor(what: string, reason: string) {
    super({
      ...{ code: 'FAILED_PRECONDITION', reason: 'DEMO_STEP_FAILED' },
      message: `${what} failed: ${reason}`,
    });
  }
}

const POLL_EVERY_MS = 500;
const MAX_MISSED_POLLS = 10;

/** Imports a COCO folder. @returns the id of the dataset @throws DemoStepFailedError, GraphRequestError */
export async function importDataset(
  graph: GraphClient,
  folder: string,
  view: ProgressView,
): Promise<string> {
  const what = 'The import of the drawn scenes';
  const input = { idempotencyKey: randomUUID(), name: 'drawn scenes', folder, format: 'COCO' };
  const { importDataset: begun } = await graph.request<{
    importDataset: { import: { id: string } | null; userErrors: readonly UserError[] };
  }>(IMPORT_DATASET, { input: { ...input, strict: true } });
  const { id } = started(what, begun.import, begun.userErrors);
  const { dataset } = await follow(view, 'dataset', what, async () => {
    const query = { id };
    return (await graph.request<{ datasetImport: DatasetImportView }>(DATASET_IMPORT, query))
      .datasetImport;
  });
  if (dataset === null) throw new DemoStepFailedError(what, 'it ended without a dataset');
  return dataset.id;
}

export interface TrainingWish {
  readonly dataset: string;
  readonly maxSeconds: number;
  readonly seed: number;
}

/** Trains a detector on the dataset's categories. @throws DemoStepFailedError, GraphRequestError */
export async function trainDetector(
  graph: GraphClient,
  wish: TrainingWish,
  view: ProgressView,
): Promise<DetectorModelView> {
  const what = 'The training of the detector';
  const input = { idempotencyKey: randomUUID(), labels: 'CATEGORIES', ...wish };
  const { trainDetector: begun } = await graph.request<{
    trainDetector: { training: { id: string } | null; userErrors: readonly UserError[] };
  }>(TRAIN_DETECTOR, { input });
  const { id } = started(what, begun.training, begun.userErrors);
  const { model } = await follow(view, 'detector', what, async () => {
    const query = { id };
    return (
      await graph.request<{ detectorTraining: DetectorTrainingView }>(DETECTOR_TRAINING, query)
    ).detectorTraining;
  });
  if (model === null) throw new DemoStepFailedError(what, 'it ended without a model');
  return model;
}

function started<T>(what: string, begun: T | null, errors: readonly UserError[]): T {
  if (begun !== null) return begun;
  throw new DemoStepFailedError(what, errors.map(({ message }) => message).join(' '));
}

/** Looks again and again until it is over. @throws DemoStepFailedError, GraphRequestError */
async function follow<T extends { readonly progress: Progress }>(
  view: ProgressView,
  label: string,
  what: string,
  look: () => Promise<T>,
): Promise<T> {
  let missed = 0;
  for (;;) {
    const seen = await look().catch((error: unknown) => {
      missed += 1;
      // A step of a training may hold up an answer.
      if (!(error instanceof GraphRequestError) || missed > MAX_MISSED_POLLS) throw error;
      return null;
    });
    if (seen !== null) {
      missed = 0;
      const { progress } = seen;
      view.showStages([{ label, stage: { ...progress, stalled: false } }], Date.now());
      if (progress.state === 'FAILED')
        throw new DemoStepFailedError(what, progress.detail ?? 'no reason was given');
      if (progress.state === 'DONE') return seen;
    }
    await new Promise((wake) => setTimeout(wake, POLL_EVERY_MS));
  }
}
