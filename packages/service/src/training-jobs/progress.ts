import type { Transaction } from '@deepstyle/storage';
import type { ServicePorts } from '../service.ts';
import { StaleAttemptError } from './errors.ts';
import type { Fence, TrainingJob, TrainingTable } from './training-table.ts';

/** How far a training is. */
export interface TrainingProgress<Losses> {
  readonly step: number;
  readonly steps: number;
  /** Means since the last report. */
  readonly losses: Losses;
  readonly stepsPerSecond: number;
}

/**
 * Writes what a training reports, and what its curves say in the same transaction. A report that cannot be written is no
 * reason to stop; a training that is another's is.
 *
 * @throws StaleAttemptError
 */
export async function writeReport<T extends TrainingJob>(
  table: TrainingTable<T>,
  fence: Fence,
  report: { readonly step: number; readonly steps: number; readonly detail: string },
  writeCurves: (tx: Transaction) => Promise<void>,
  { database, clock, logger }: Pick<ServicePorts<object>, 'database' | 'clock' | 'logger'>,
): Promise<void> {
  try {
    await database.transaction(`${table.service}.writeProgress`, async (tx) => {
      await table.writeProgress(tx, fence, { ...report, now: clock() });
      await writeCurves(tx);
    });
  } catch (error) {
    if (error instanceof StaleAttemptError) throw error;
    logger.warn({ ...fence, step: report.step, error }, 'the progress could not be written');
  }
}

/** '6.3 steps/s, 7 min left'. */
export function describeSpeed({
  step,
  steps,
  stepsPerSecond,
}: Pick<TrainingProgress<unknown>, 'step' | 'steps' | 'stepsPerSecond'>): string {
  const secondsLeft = (steps - step) / Math.max(stepsPerSecond, 1e-9);
  return `${stepsPerSecond.toFixed(1)} steps/s, ${roughTime(secondsLeft)} left`;
}

/** 42 s, 7 min, 3 h. */
function roughTime(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.ceil(seconds / 60)} min`;
  return `${Math.ceil(seconds / 3600)} h`;
}
