import type { Reconciler } from '@deepstyle/service';
import { TAKEN_MS } from './detection/detect-photos.ts';
import { DETECT_JOB } from './detection/photo-queue.ts';
import { countStalledRuns, runsToDetect, trainings } from './records.ts';
import { TRAIN_JOB } from './training/request-training.ts';

export function createReconciler(): Reconciler {
  return {
    jobs: [
      {
        kind: TRAIN_JOB,
        field: 'trainingId',
        underWay: (tx, since) => trainings.underWay(tx, since),
        payloadOf: (trainingId) => ({ trainingId }),
      },
      {
        kind: DETECT_JOB,
        field: 'runId',
        underWay: (tx, since) => runsToDetect(tx, since, new Date(since.getTime() + 2 * TAKEN_MS)),
        payloadOf: (runId, job) => ({ runId, job }),
      },
    ],
    events: [],
    stalled: async (tx, since) =>
      (await trainings.countStalled(tx, since)) + (await countStalledRuns(tx, since)),
  };
}
