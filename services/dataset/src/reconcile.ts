import type { Reconciler } from '@deepstyle/service';
import { datasetObjects } from './records/stored-objects.ts';
import { countFailed, countStalled, importsUnderWay } from './records/under-way.ts';
import { IMPORT_JOB } from './start-import.ts';

export function createReconciler(): Reconciler {
  return {
    jobs: [
      {
        kind: IMPORT_JOB,
        field: 'importId',
        underWay: importsUnderWay,
        payloadOf: (importId) => ({ importId }),
      },
    ],
    events: [],
    // Of stored images it stands in the annotations alone which a dataset has: they are not swept.
    objects: [
      {
        prefix: 'datasets/',
        pattern: /^datasets\/[0-9a-f]{2}\/[0-9a-f]{64}\.ndjson\.gz$/,
        named: datasetObjects,
      },
    ],
    stalled: countStalled,
    failed: countFailed,
  };
}
