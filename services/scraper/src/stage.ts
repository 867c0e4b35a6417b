import type { StageFields } from '@deepstyle/service';
import type { Run } from './records.ts';

/** The collecting of a run's photographs as a stage of the graph; null: there is no such run. */
export function stageOf(run: Run | null): StageFields {
  if (run === null) {
    const counts = { done: 0, failed: 0, expected: null };
    return { state: 'WAITING', ...counts, detail: null, updatedAt: null };
  }
  // The job's first act moves updatedAt; until then the run may wait behind another one.
  const isQueued = run.state === 'RUNNING' && run.updatedAt.getTime() === run.createdAt.getTime();
  return {
    state: isQueued ? 'WAITING' : run.state,
    done: run.stored + run.duplicates,
    failed: run.rejected,
    expected: run.expected,
    detail: run.detail,
    updatedAt: run.updatedAt,
  };
}
