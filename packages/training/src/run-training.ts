/** The job of a training: takes it, has it trained from its checkpoint on, and ends it in every case. */
import { setTimeout as wait } from 'node:timers/promises';
import { describeError } from '@deepstyle/platform';
import type { JobDelivery, ServicePorts } from '@deepstyle/service';
import { StaleAttemptError, TrainingInterruptedError } from './errors.ts';
import { holdLease, leaseEnd } from './hold-lease.ts';
import { fenceOf, type TrainingJob, type TrainingTable } from './training-table.ts';

/** How often a worker asks whether another's lease has run out. */
const HELD_POLL_MS = 1_000;
/** Work without a new checkpoint, over all takings: whatever ends the workers before it will end the next one. */
const MAX_UNSAVED_SECONDS = 3600;
const MAX_DETAIL_LENGTH = 2000;

type JobPorts = Pick<ServicePorts<object>, 'database' | 'logger' | 'clock'>;

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

/** Returns once the training has ended or is canceled. @throws TrainingInterruptedError, or what another delivery may overcome */
export async function runTraining<T extends TrainingJob>(
  id: string,
  delivery: JobDelivery,
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
      const isEnded = await tryTraining(taking.training, delivery, work, ports);
      if (isEnded) return;
    }
    // Held by another worker, which may die: this delivery is not given up before the training has ended.
    if (delivery.signal.aborted) throw new TrainingInterruptedError(id, 0);
    await wait(HELD_POLL_MS, undefined, { signal: delivery.signal }).catch(() => {});
  }
}

/** False where another worker took the training meanwhile, or it was canceled. */
async function tryTraining<T extends TrainingJob>(
  training: T,
  delivery: JobDelivery,
  work: TrainingWork<T>,
  ports: JobPorts,
): Promise<boolean> {
  const fence = fenceOf(training);
  const lease = holdLease(work.table, fence, delivery.signal, ports);
  try {
    if (training.unsavedSeconds > MAX_UNSAVED_SECONDS) {
      const hours = MAX_UNSAVED_SECONDS / 3600;
      const reason = `its workers stopped again and again, and worked for ${hours} h without a new checkpoint`;
      await fail(training, reason, work);
    } else {
      await work.train(training, lease.signal);
    }
    return true;
  } catch (error) {
    if (error instanceof StaleAttemptError || lease.isLost()) {
      ports.logger.warn({ ...fence }, 'the training is no longer this worker’s');
      return false;
    }
    await afterFailure(error, training, delivery, work, ports);
    return true;
  } finally {
    await lease.stop();
  }
}

/** Returns where the training has failed for good. @throws what another delivery may overcome */
async function afterFailure<T extends TrainingJob>(
  error: unknown,
  training: T,
  delivery: JobDelivery,
  work: TrainingWork<T>,
  { database, logger }: JobPorts,
): Promise<void> {
  const { table } = work;
  const fence = fenceOf(training);
  const isStopping = delivery.signal.aborted;
  if (isStopping || !(work.isFinal(error) || delivery.givesUpOn(error))) {
    await database.transaction(`${table.service}.release`, (tx) => table.release(tx, fence));
    if (!isStopping || error instanceof TrainingInterruptedError) throw error;
    throw new TrainingInterruptedError(training.id, training.step);
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
