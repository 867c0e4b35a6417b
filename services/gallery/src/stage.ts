import { canceledDetail, type StageFields } from '@deepstyle/service';
import type { RunRecord } from './records.ts';

/** The publishing of a run as a stage of the graph, counted in designs; null: nothing of the run has arrived. */
export function stageOf(run: RunRecord | null): StageFields {
  if (run === null) {
    const counts = { done: 0, failed: 0, expected: null };
    return { state: 'WAITING', ...counts, detail: null, updatedAt: null };
  }
  const { received, requested, updatedAt } = run;
  const state = stateOf(run);
  // A run that ends without designs has none to expect.
  const expected = requested ?? (run.state === 'RUNNING' ? null : 0);
  const detail = state === 'CANCELED' ? canceledDetail(run.id) : (run.detail ?? runningDetail(run));
  const awaits = run.garments === null ? 'the garments of the run' : 'the designs of the trainer';
  return { state, done: received, failed: 0, expected, detail, awaits, updatedAt };
}

function stateOf({
  state,
  isCanceled,
  readyAt,
  garments,
  ganOutcome,
}: RunRecord): StageFields['state'] {
  if (state === 'DONE' || state === 'FAILED') return state;
  if (isCanceled) return 'CANCELED';
  // Training, and trying photographs again, may take long; the time it takes does not make this stage stalled.
  const isWaiting = ganOutcome === null && (garments !== null || readyAt === null);
  return state === 'RUNNING' && isWaiting ? 'WAITING' : state;
}

function runningDetail({ readyAt, garments }: RunRecord): string {
  if (readyAt === null) return 'waiting for the garments';
  return garments === null
    ? 'reading the garments'
    : `trends of ${garments} garments; waiting for the model`;
}
