import { GraphRequestError } from './graph-client.ts';
import type { ProgressView } from './progress.ts';
import type { StageView } from './run-queries.ts';

const POLL_EVERY_MS = 300;
// A busy instance may miss an answer; one that misses these in a row is gone.
const MAX_MISSED_POLLS = 10;

/**
 * Shows how far some work is until it is done or has failed.
 *
 * @param look asks the graph once
 * @throws GraphRequestError where the instance no longer answers
 */
export async function followProgress<T extends { readonly progress: StageView }>(
  view: ProgressView,
  label: string,
  look: () => Promise<T>,
): Promise<T> {
  for (let missed = 0; ; ) {
    try {
      const seen = await look();
      missed = 0;
      view.showStages([{ label, stage: seen.progress }], Date.now());
      if (seen.progress.state === 'DONE' || seen.progress.state === 'FAILED') return seen;
    } catch (error) {
      missed += 1;
      if (!(error instanceof GraphRequestError) || missed > MAX_MISSED_POLLS) throw error;
    }
    await new Promise((wake) => setTimeout(wake, POLL_EVERY_MS));
  }
}
