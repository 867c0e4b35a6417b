import { type Consumer, type JobHandler, jobHandler } from '@deepstyle/service';
import { z } from 'zod';
import { CollectingInterruptedError } from './errors.ts';
import type { Ports } from './ports.ts';
import type { Scraper } from './scraper.ts';
import { SCRAPE_JOB } from './start-run.ts';

const MAX_FAILURES = 8;

export function createConsumers(): readonly Consumer[] {
  return [];
}

export function createJobs(_: Ports, scraper: Scraper): readonly JobHandler[] {
  return [
    jobHandler({
      kind: SCRAPE_JOB,
      payload: z.object({ runId: z.uuid() }),
      maxFailures: MAX_FAILURES,
      handle: async ({ runId }, { signal, givesUpOn }) => {
        try {
          await scraper.collectRun(runId, signal);
        } catch (thrown) {
          if (signal.aborted) throw new CollectingInterruptedError(runId);
          if (!givesUpOn(thrown)) throw thrown;
          await scraper.giveUpRun(runId, thrown);
        }
      },
    }),
  ];
}
