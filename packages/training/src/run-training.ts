/** The job of a training: takes it, has it trained from its checkpoint on, and ends it in every case. */
import { setTimeout as wait } from 'node:timers/promises';
import { DeepStyleError, describeError } from '@deepstyle/platform';
import type { ServicePorts } from '@deepstyle/service';
import { StaleAttemptError, TrainingInterruptedError } from './errors.ts';
import { holdLease, leaseEnd } from './hold-lease.ts';
import { fenceOf, type TrainingJob, type TrainingTable } from './training-table.ts';

/** How often a worker asks whether another's lease has run out. */
const HELD_POLL_MS = 1_000;
/** Takings without a new checkpoint: whatever kills the worker will kill the next one. */
const MAX_CRASHES = 5;
const MAX_DETAIL_LENGTH = 2000;

type JobPorts = Pick<ServicePorts<object>, 'database' | 'logger' | 'clock'>;

export interface Attempt {
  readonly signal: AbortSignal;
  /** No further delivery follows: the work ends with this one. */
  readonly isLast: boolean;
}

/** What a service does with a training that it has taken. */
export interface TrainingWork<T extends TrainingJob> {
  readonly table: TrainingTable<T>;
  /** Trains and ends the training; stops with a TrainingInterruptedError, in a checkpoint, when `signal` aborts. */
  readonly train: (training: T, signal: AbortSignal) => Promise<void>;
  /** Ends the training as failed. */
  readonly fail: (training: T, detail: string) => Promise<void>;
  /** Whether trying again would come to the same. What the stores and other services throw says so itself. */
  readonly isFinal: (error: unknown) => boolean;
}

/** Returns once the training has ended. @throws TrainingInterruptedError, or what another delivery may overcome */
export async function runTraining<T extends TrainingJob>(
  id: string,
  attempt: Attempt,
  work: TrainingWork<T>,
  ports: JobPorts,
): Promise<void> {
  const { table } = work;
  for (;;) {
    const taking = await ports.database.transaction(`${table.service}.takeTraining`, (tx) =>
      table.take(tx, id, ports.clock(), leaseEnd(ports.clock)),
    );
    if (taking.kind === 'closed') return;
    if (taking.kind === 'taken') {
      const isEnded = await tryTraining(taking.training, attempt, work, ports);
      if (isEnded) return;
    }
    // Held by another worker, which may die: this delivery is not given up before the training has ended.
    if (attempt.signal.aborted) throw new TrainingInterruptedError(id, 0);
    await wait(HELD_POLL_MS, undefined, { signal: attempt.signal }).catch(() => {});
  }
}

/** False where another worker took the training meanwhile. */
async function tryTraining<T extends TrainingJob>(
  training: T,
  attempt: Attempt,
  work: TrainingWork<T>,
  ports: JobPorts,
): Promise<boolean> {
  const fence = fenceOf(training);
  const lease = holdLease(work.table, fence, attempt.signal, ports);
  try {
    if (training.crashes > MAX_CRASHES) {
      await fail(training, `it stopped ${MAX_CRASHES} times without getting further`, work);
    } else {
      await work.train(training, lease.signal);
    }
    return true;
  } catch (error) {
    if (error instanceof StaleAttemptError || lease.isLost()) {
      ports.logger.warn({ ...fence }, 'another worker has the training now');
      return false;
    }
    await afterFailure(error, training, attempt, work, ports);
    return true;
  } finally {
    await lease.stop();
  }
}

/** Returns where the training has failed for good. @throws what another delivery may overcome */
async function afterFailure<T extends TrainingJob>(
  error: unknown,
  training: T,
  attempt: Attempt,
  work: TrainingWork<T>,
  { database, logger }: JobPorts,
): Promise<void> {
  const { table } = work;
  const fence = fenceOf(training);
  if (attempt.signal.aborted) {
    await database.transaction(`${table.service}.release`, (tx) => table.release(tx, fence));
    throw error instanceof TrainingInterruptedError
      ? error
      : new TrainingInterruptedError(training.id, training.step);
  }
  const mayPass = !work.isFinal(error) && DeepStyleError.from(error).retryable;
  if (mayPass && !attempt.isLast) {
    await database.transaction(`${table.service}.releaseFailed`, (tx) =>
      table.releaseFailed(tx, fence),
    );
    throw error;
  }
  logger.error({ ...fence, error }, 'a training failed for good');
  await fail(training, describeError(error), work);
}

function fail<T extends TrainingJob>(
  training: T,
  reason: string,
  work: TrainingWork<T>,
): Promise<void> {
  return work.fail(training, `training failed: ${reason}`.slice(0, MAX_DETAIL_LENGTH));
}
