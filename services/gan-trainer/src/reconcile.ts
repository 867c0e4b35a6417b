import type { Reconciler } from '@deepstyle/service';
import { GENERATE_JOB } from './generation/generate-designs.ts';
import { requestsUnderWay, trainings } from './records.ts';
import { TRAIN_JOB } from './training/plan-training.ts';

export function createReconciler(): Reconciler {
  return {
    jobs: [
      {
        kind: TRAIN_JOB,
        field: 'runId',
        underWay: (tx, since) => trainings.underWay(tx, since),
        payloadOf: (runId) => ({ runId }),
      },
      {
        kind: GENERATE_JOB,
        field: 'requestKey',
        underWay: requestsUnderWay,
        payloadOf: (requestKey) => ({ requestKey }),
      },
    ],
    events: [],
    stalled: (tx, since) => trainings.countStalled(tx, since),
  };
}
