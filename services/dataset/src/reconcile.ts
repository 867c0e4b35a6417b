import type { Reconciler } from '@deepstyle/service';
import { countStalled, importsUnderWay } from './records/under-way.ts';
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
    stalled: countStalled,
  };
}
