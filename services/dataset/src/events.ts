import { DeepStyleError } from '@deepstyle/platform';
import { type JobHandler, jobHandler } from '@deepstyle/service';
import { z } from 'zod';
import { IMPORT_JOB } from './dataset.ts';
import { ImportInterruptedError } from './errors.ts';
import { failImport, type RunImportPorts, runImport } from './run-import.ts';

// Kills and restarts count as attempts too, so there must be more than failures are forgiven.
const MAX_DELIVERIES = 50;
const MAX_FAILED_ATTEMPTS = 5;

/** The job that imports a folder. */
export function importJob(ports: RunImportPorts): JobHandler {
  return jobHandler({
    kind: IMPORT_JOB,
    payload: z.object({ importId: z.uuid() }),
    maxDeliveries: MAX_DELIVERIES,
    handle: async ({ importId }, { attempt, signal }) => {
      try {
        await runImport(ports, importId, signal);
      } catch (thrown) {
        if (signal.aborted) throw new ImportInterruptedError(importId);
        if (DeepStyleError.from(thrown).retryable && attempt < MAX_FAILED_ATTEMPTS) throw thrown;
        await failImport(ports, importId, thrown);
      }
    },
  });
}
