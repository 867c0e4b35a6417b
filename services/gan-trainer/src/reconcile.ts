import {
  contentObjects,
  missedChanges,
  type Reconciler,
  retriesOf,
  runChanges,
} from '@deepstyle/service';
import { checkpointObjects } from '@deepstyle/training';
import { GENERATE_JOB } from './generation/generate-designs.ts';
import type { Ports } from './ports.ts';
import {
  designObjects,
  gridObjects,
  modelObjects,
  requestsUnderWay,
  trainings,
} from './records.ts';
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
          const changes = await runChanges(tx, ids);
          const known = await trainings.find(tx, ids);
          const planned = new Map(known.map(({ id, run }) => [id, retriesOf(run)]));
          return ids.filter((id) => (planned.get(id) ?? -1) < (changes.get(id)?.retries ?? 0));
        },
        announceAgain: (runId) => calls.announceCroppedRun({ runId }),
      },
      missedChanges(calls),
    ],
    objects: [
      checkpointObjects(trainings, 'checkpoints/'),
      {
        prefix: 'models/',
        pattern: /^models\/[^/]+\/(weights\.safetensors|generator\.onnx)$/,
        named: modelObjects,
      },
      contentObjects('grids', gridObjects),
      contentObjects('designs', designObjects),
    ],
    stalled: (tx, since) => trainings.countStalled(tx, since),
    failed: (tx, since) => trainings.countFailed(tx, since),
  };
}
