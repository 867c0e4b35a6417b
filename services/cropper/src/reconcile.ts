import type { Reconciler } from '@deepstyle/service';
import { countStalled } from './records.ts';

export function createReconciler(): Reconciler {
  return {
    jobs: [],
    events: [],
    stalled: countStalled,
  };
}
