import { type Consumer, type JobHandler, jobHandler } from '@deepstyle/service';
import { z } from 'zod';
import type { Dataset } from './dataset.ts';
import { ImportInterruptedError } from './errors.ts';
import type { Ports } from './ports.ts';
import { IMPORT_JOB } from './start-import.ts';

const MAX_FAILURES = 5;

export function createConsumers(): readonly Consumer[] {
  return [];
}

export function createJobs(_: Ports, dataset: Dataset): readonly JobHandler[] {
  return [
    jobHandler({
      kind: IMPORT_JOB,
      payload: z.object({ importId: z.uuid() }),
      maxFailures: MAX_FAILURES,
      handle: async ({ importId }, { signal, givesUpOn }) => {
        try {
          await dataset.runImport(importId, signal);
        } catch (thrown) {
          if (signal.aborted) throw new ImportInterruptedError(importId);
          if (!givesUpOn(thrown)) throw thrown;
          await dataset.failImport(importId, thrown);
        }
      },
    }),
  ];
}
