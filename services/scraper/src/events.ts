import { DeepStyleError } from '@deepstyle/platform';
import { type JobHandler, jobHandler } from '@deepstyle/service';
import { z } from 'zod';
import { type CollectPorts, collectRun, giveUpRun } from './collect.ts';
import { CollectingInterruptedError } from './errors.ts';
import { SCRAPE_JOB } from './scraper.ts';

// Kills and restarts count as attempts too, so there must be many more than failures are forgiven.
const MAX_DELIVERIES = 100;
const MAX_FAILED_ATTEMPTS = 8;

/** The job that collects the photographs of a run. */
export function scrapeJob(ports: CollectPorts): JobHandler {
  return jobHandler({
    kind: SCRAPE_JOB,
    payload: z.object({ runId: z.uuid() }),
    maxDeliveries: MAX_DELIVERIES,
    handle: async ({ runId }, { attempt, signal }) => {
      try {
        await collectRun(ports, runId, signal);
      } catch (thrown) {
        if (signal.aborted) throw new CollectingInterruptedError(runId);
        const error = DeepStyleError.from(thrown);
        const isOver = !error.retryable || attempt >= MAX_FAILED_ATTEMPTS;
        if (error.code === 'CANCELLED' || !isOver) throw thrown;
        await giveUpRun(ports, runId, thrown);
      }
    },
  });
}
