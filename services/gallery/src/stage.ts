import type { StageFields } from '@deepstyle/service';
import type { RunRecord } from './records.ts';

/** The publishing of a run as a stage of the graph, counted in designs; null: nothing of the run has arrived. */
export function stageOf(run: RunRecord | null): StageFields {
  if (run === null) {
    const counts = { done: 0, failed: 0, expected: null };
    return { state: 'WAITING', ...counts, detail: null, updatedAt: null };
  }
  const { received, requested, updatedAt } = run;
  // Training may take long; the time it takes does not make this stage stalled.
  const isWaiting = run.state === 'RUNNING' && run.garments !== null && run.ganOutcome === null;
  const state = isWaiting ? 'WAITING' : run.state;
  // A run that ends without designs has none to expect.
  const expected = requested ?? (run.state === 'RUNNING' ? null : 0);
  const detail = run.detail ?? runningDetail(run);
  const awaits = requested === null ? 'the garments of the run' : 'the designs of the trainer';
  return { state, done: received, failed: 0, expected, detail, awaits, updatedAt };
}

function runningDetail({ garments }: RunRecord): string {
  return garments === null
    ? 'reading the garments'
    : `trends of ${garments} garments; waiting for the model`;
}
