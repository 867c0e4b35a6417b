import { contentObjects, type Reconciler } from '@deepstyle/service';
import { photoObjects } from './records/stored-objects.ts';
import { countFailed, countStalled, runsUnderWay } from './records/under-way.ts';
import { SCRAPE_JOB } from './start-run.ts';

export function createReconciler(): Reconciler {
  return {
    jobs: [
      {
        kind: SCRAPE_JOB,
        field: 'runId',
        underWay: runsUnderWay,
        payloadOf: (runId) => ({ runId }),
      },
    ],
    events: [],
    objects: [contentObjects('photos', photoObjects)],
    stalled: countStalled,
    failed: countFailed,
  };
}
