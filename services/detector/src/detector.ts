import type { RunReference } from '@deepstyle/contracts';
import type { Calls } from '@deepstyle/service';
import type { Database } from '@deepstyle/storage';
import { DetectorNotTrainedError, TrainingNotAvailableError } from './errors.ts';
import { activeModel, type ModelRecord, saveRun } from './records.ts';

/**
 * The model that new runs use.
 *
 * @throws DetectorNotTrainedError
 */
export async function getActiveModel(database: Database): Promise<ModelRecord> {
  const model = await database.transaction('detector.getActiveModel', activeModel);
  if (model === null) throw new DetectorNotTrainedError();
  return model;
}

/**
 * @throws RemoteError where the dataset is unknown
 * @throws TrainingNotAvailableError for every known one
 */
export async function trainDetector(
  calls: Pick<Calls, 'getDataset'>,
  datasetId: string,
): Promise<ModelRecord> {
  await calls.getDataset({ datasetId });
  throw new TrainingNotAvailableError();
}

/** Notes what a run has pinned. */
export async function noteRun(database: Database, run: RunReference, now: Date): Promise<void> {
  await database.transaction('detector.noteRun', (tx) =>
    saveRun(tx, { id: run.id, detector: run.detector, seenAt: now }),
  );
}
