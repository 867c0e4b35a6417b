import { DeepStyleError } from '@deepstyle/platform';
import { type Consumer, type JobHandler, jobHandler } from '@deepstyle/service';
import { z } from 'zod';
import type { Dataset } from './dataset.ts';
import { ImportInterruptedError } from './errors.ts';
import type { Ports } from './ports.ts';
import { IMPORT_JOB } from './start-import.ts';

// Kills and restarts count as attempts too, so there must be more than failures are forgiven.
const MAX_DELIVERIES = 50;
const MAX_FAILED_ATTEMPTS = 5;

export function createConsumers(): readonly Consumer[] {
  return [];
}

export function createJobs(_: Ports, dataset: Dataset): readonly JobHandler[] {
  return [
    jobHandler({
      kind: IMPORT_JOB,
      payload: z.object({ importId: z.uuid() }),
      maxDeliveries: MAX_DELIVERIES,
      handle: async ({ importId }, { attempt, signal }) => {
        try {
          await dataset.runImport(importId, signal);
        } catch (thrown) {
          if (signal.aborted) throw new ImportInterruptedError(importId);
          if (DeepStyleError.from(thrown).retryable && attempt < MAX_FAILED_ATTEMPTS) throw thrown;
          await dataset.failImport(importId, thrown);
        }
      },
    }),
  ];
}
