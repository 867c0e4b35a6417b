import type { Reconciler } from '@deepstyle/service';
import { GENERATE_JOB } from './generation/generate-designs.ts';
import type { Ports } from './ports.ts';
import { requestsUnderWay, trainings } from './records.ts';
import { TRAIN_JOB } from './training/plan-training.ts';

export function createReconciler({ calls }: Ports): Reconciler {
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
    events: [
      {
        producer: 'cropper',
        consumers: ['garments-ready'],
        announced: (changedSince) => calls.listCroppedRuns({ changedSince }),
        lacking: async (tx, runs) => {
          const ids = runs.map(({ runId }) => runId);
          const planned = new Set((await trainings.find(tx, ids)).map(({ id }) => id));
          return ids.filter((id) => !planned.has(id));
        },
        announceAgain: (runId) => calls.announceCroppedRun({ runId }),
      },
    ],
    stalled: (tx, since) => trainings.countStalled(tx, since),
  };
}
