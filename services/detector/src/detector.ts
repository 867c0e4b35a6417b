import type { JobDelivery } from '@deepstyle/service';
import { announceRun } from './detection/announce-run.ts';
import { type DetectJob, detectPhotos } from './detection/detect-photos.ts';
import { createInferenceCache } from './detection/inference-cache.ts';
import { createPhotoQueue, type PhotoQueue } from './detection/photo-queue.ts';
import { DetectorNotTrainedError } from './errors.ts';
import type { Ports } from './ports.ts';
import { storePoseModel } from './pose-model.ts';
import { activeModel, type ModelRecord, type Training } from './records.ts';
import { requestTraining, type TrainingRequest } from './training/request-training.ts';
import { trainModel } from './training/train-model.ts';

/** The use cases; each may be repeated. */
export interface Detector extends PhotoQueue {
  /** Finds the garments in the queued photographs of a run, until none is left that this job could take. */
  readonly detectPhotos: (job: DetectJob, signal: AbortSignal) => Promise<void>;
  /** Publishes how the photographs of a run ended again, for a service that never got it. @throws NotFoundError */
  readonly announceRun: (runId: string, revision: number) => Promise<number>;
  /** Plans a training, once, and gives it to a worker. */
  readonly requestTraining: (request: TrainingRequest) => Promise<Training>;
  /** Takes a training, goes on from its checkpoint, and ends it in every case. */
  readonly trainModel: (trainingId: string, delivery: JobDelivery) => Promise<void>;
  /** The model that new runs use. @throws DetectorNotTrainedError */
  readonly getActiveModel: () => Promise<ModelRecord>;
  /** The model that finds garments by the joints of people. @throws PoseFilesError */
  readonly getPoseModel: () => Promise<ModelRecord>;
  /** Puts the loaded network away. */
  readonly close: () => Promise<void>;
}

export function createDetector(ports: Ports): Detector {
  const models = createInferenceCache(ports);
  return {
    ...createPhotoQueue(ports),
    detectPhotos: (job, signal) => detectPhotos({ ...ports, models }, job, signal),
    announceRun: (runId, revision) => announceRun(ports, runId, revision),
    requestTraining: (request) => requestTraining(ports, request),
    trainModel: (trainingId, delivery) => trainModel(ports, trainingId, delivery),
    getActiveModel: async () => {
      const model = await ports.database.transaction('detector.getActiveModel', activeModel);
      if (model === null) throw new DetectorNotTrainedError();
      return model;
    },
    getPoseModel: () => storePoseModel(ports),
    close: () => models.close(),
  };
}
