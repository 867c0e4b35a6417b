import type { Reconciler } from '@deepstyle/service';
import { PUBLISH_JOB } from './gallery.ts';
import { countStalled, releasedUnderWay } from './records.ts';

export function createReconciler(): Reconciler {
  return {
    jobs: [
      {
        kind: PUBLISH_JOB,
        field: 'runId',
        underWay: releasedUnderWay,
        payloadOf: (runId) => ({ runId }),
      },
    ],
    events: [],
    stalled: countStalled,
  };
}
