import { canceledDetail, failedDetail, type StageFields } from '@deepstyle/service';
import type { RunRecord } from './records.ts';

/** The cropping of a run as a stage of the graph; null: nothing of the run has arrived. */
export function stageOf(run: RunRecord | null): StageFields {
  if (run === null) {
    const counts = { done: 0, failed: 0, expected: null };
    return { state: 'WAITING', ...counts, detail: null, updatedAt: null };
  }
  const { done, failed, expected, garments, ready } = run.progress;
  const counts = { done, failed, expected, updatedAt: run.updatedAt };
  if (!ready && run.isCanceled)
    return { ...counts, state: 'CANCELED', detail: canceledDetail(run.id) };
  if (!ready) {
    const detail =
      expected === null
        ? `${garments} garments so far; photographs are still being collected`
        : `${garments} garments so far`;
    const awaits =
      expected === null
        ? 'the end of the scraping'
        : `${expected - done - failed} of ${expected} photographs`;
    return { ...counts, state: 'RUNNING', detail, awaits };
  }
  if (garments > 0) return { ...counts, state: 'DONE', detail: `${garments} garments` };
  return { ...counts, state: 'FAILED', detail: failedDetail(emptyReason(done, failed), run.id) };
}

function emptyReason(done: number, failed: number): string {
  if (done + failed === 0) return 'The run has no photographs.';
  if (done === 0) return `None of the ${failed} photographs could be processed.`;
  return `No garment was found: ${done} photographs without one, ${failed} failed.`;
}
