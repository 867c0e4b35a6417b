import { setTimeout as sleep } from 'node:timers/promises';
import { GraphRequestError } from '../graph-client.ts';
import type { ProgressView } from '../output/progress-view.ts';
import type { StageView } from '../run-queries.ts';

const POLL_EVERY_MS = 500;
// A busy instance may miss an answer; one that misses these in a row is gone.
const MAX_MISSED_POLLS = 10;

/**
 * Asks again and again until there is an end.
 *
 * @param look asks the graph once; null where the work goes on
 * @throws GraphRequestError where the instance no longer answers, and whatever else `look` throws
 */
export async function untilEnd<T>(look: () => Promise<T | null>): Promise<T> {
  for (let missed = 0; ; ) {
    try {
      const end = await look();
      if (end !== null) return end;
      missed = 0;
    } catch (error) {
      missed += 1;
      if (!(error instanceof GraphRequestError) || missed > MAX_MISSED_POLLS) throw error;
    }
    await sleep(POLL_EVERY_MS);
  }
}

/** Shows how far some work is until it is done or has failed. */
export function followProgress<T extends { readonly progress: StageView }>(
  view: ProgressView,
  label: string,
  look: () => Promise<T>,
): Promise<T> {
  return untilEnd(async () => {
    const seen = await look();
    view.showStages([{ label, stage: seen.progress }], Date.now());
    return isOver(seen) ? seen : null;
  });
}

export function isOver({ progress: { state } }: { readonly progress: StageView }): boolean {
  return state === 'DONE' || state === 'FAILED';
}
