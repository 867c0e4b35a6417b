import { canceledDetail, failedDetail, type StageFields } from '@deepstyle/service';
import type { Training, TrainingState } from './records.ts';

const STATES = {
  queued: 'WAITING',
  running: 'RUNNING',
  done: 'DONE',
  skipped: 'SKIPPED',
  failed: 'FAILED',
  canceled: 'CANCELED',
} as const satisfies Record<TrainingState, StageFields['state']>;

/** The training of a run as a stage of the graph, counted in steps; null: its garments are not ready. */
export function stageOf(training: Training | null): StageFields {
  if (training === null) {
    const counts = { done: 0, failed: 0, expected: null };
    return { state: 'WAITING', ...counts, detail: null, updatedAt: null };
  }
  const { state, step, steps, updatedAt } = training;
  const detail = detailOf(training);
  return { state: STATES[state], done: step, failed: 0, expected: steps, detail, updatedAt };
}

function detailOf({ id, state, detail }: Training): string | null {
  if (state === 'canceled') return canceledDetail(id);
  return state === 'failed' ? failedDetail(detail ?? '', id) : detail;
}
