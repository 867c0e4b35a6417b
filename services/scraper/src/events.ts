import { DeepStyleError } from '@deepstyle/platform';
import { type Consumer, type JobHandler, jobHandler } from '@deepstyle/service';
import { z } from 'zod';
import { CollectingInterruptedError } from './errors.ts';
import type { Ports } from './ports.ts';
import type { Scraper } from './scraper.ts';
import { SCRAPE_JOB } from './start-run.ts';

// Kills and restarts count as deliveries too, so there are many more of them than attempts that may fail.
const MAX_DELIVERIES = 100;
const MAX_FAILED_ATTEMPTS = 8;

export function createConsumers(): readonly Consumer[] {
  return [];
}

export function createJobs(_: Ports, scraper: Scraper): readonly JobHandler[] {
  return [
    jobHandler({
      kind: SCRAPE_JOB,
      payload: z.object({ runId: z.uuid() }),
      maxDeliveries: MAX_DELIVERIES,
      handle: async ({ runId }, { attempt, signal }) => {
        try {
          await scraper.collectRun(runId, signal);
        } catch (thrown) {
          if (signal.aborted) throw new CollectingInterruptedError(runId);
          const error = DeepStyleError.from(thrown);
          const isOver = !error.retryable || attempt >= MAX_FAILED_ATTEMPTS;
          if (error.code === 'CANCELLED' || !isOver) throw thrown;
          await scraper.giveUpRun(runId, thrown);
        }
      },
    }),
  ];
}
