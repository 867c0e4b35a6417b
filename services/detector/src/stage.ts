import { NO_DETECTOR } from '@deepstyle/contracts/request-rules';
import { canceledDetail, failedDetail, type StageFields } from '@deepstyle/service';
import type { RunRecord, Training, TrainingState } from './records.ts';

/** The detection of a run as a stage of the graph; null: nothing of the run has arrived. */
export function stageOf(run: RunRecord | null): StageFields {
  if (run === null) {
    const nothing = { done: 0, failed: 0, expected: null, detail: null, updatedAt: null };
    return { ...nothing, state: 'WAITING' };
  }
  const { done, failed, expected, detections, updatedAt } = run;
  const counts = { done, failed, expected, updatedAt };
  if (run.detector === NO_DETECTOR) {
    const none = { ...counts, expected: null };
    return { ...none, state: 'SKIPPED', detail: 'Each photograph shows one garment.' };
  }
  const isOver = expected !== null && done + failed >= expected;
  const found = `${detections} detections`;
  if (!isOver && run.isCanceled)
    return { ...counts, state: 'CANCELED', detail: canceledDetail(run.id) };
  if (!isOver) {
    const awaits = expected === null ? 'the end of the scraping' : 'its worker';
    return { ...counts, state: 'RUNNING', detail: `${found} so far`, awaits };
  }
  if (done > 0 || failed === 0) return { ...counts, state: 'DONE', detail: found };
  const reason = `None of the ${failed} photographs could be processed.`;
  return { ...counts, state: 'FAILED', detail: failedDetail(reason, run.id) };
}

const TRAINING_STATES = {
  queued: 'WAITING',
  running: 'RUNNING',
  done: 'DONE',
  failed: 'FAILED',
} as const satisfies Record<TrainingState, StageFields['state']>;

/** A training as a stage of the graph, in steps. */
export function trainingStage({ state, step, steps, detail, updatedAt }: Training): StageFields {
  const counts = { done: step, failed: 0, expected: steps, updatedAt };
  return { ...counts, state: TRAINING_STATES[state], detail };
}
