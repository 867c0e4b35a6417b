import { canceledDetail, failedDetail, type StageFields } from '@deepstyle/service';
import type { Run } from './records.ts';

/** The collecting of a run's photographs as a stage of the graph; null: there is no such run. */
export function stageOf(run: Run | null): StageFields {
  if (run === null) {
    const counts = { done: 0, failed: 0, expected: null };
    return { state: 'WAITING', ...counts, detail: null, updatedAt: null };
  }
  const { stored, duplicates, rejected, expected, updatedAt } = run;
  const counts = { done: stored + duplicates, failed: rejected, expected, updatedAt };
  if (run.state === 'RUNNING' && run.canceledAt !== null)
    return { ...counts, state: 'CANCELED', detail: canceledDetail(run.id) };
  if (run.state === 'FAILED')
    return { ...counts, state: 'FAILED', detail: failedDetail(run.detail ?? '', run.id) };
  // The job's first act moves updatedAt; until then the run may wait behind another one.
  const isQueued = run.state === 'RUNNING' && updatedAt.getTime() === run.createdAt.getTime();
  return { ...counts, state: isQueued ? 'WAITING' : run.state, detail: run.detail };
}
