import type { ServicePorts } from '@deepstyle/service';
import { StaleAttemptError } from './errors.ts';
import {
  type Fence,
  HEARTBEAT_SECONDS,
  type TrainingJob,
  type TrainingTable,
} from './training-table.ts';

/** How long a silent worker keeps the training. */
const LEASE_MS = 5 * 1000 * HEARTBEAT_SECONDS;

type LeasePorts = Pick<ServicePorts<object>, 'database' | 'logger' | 'clock'>;

export function leaseEnd(clock: () => Date): Date {
  return new Date(clock().getTime() + LEASE_MS);
}

/** Extends the lease until `stop`; aborts `signal` with the process or once the lease is another's. */
export function holdLease<T extends TrainingJob>(
  table: TrainingTable<T>,
  fence: Fence,
  stopping: AbortSignal,
  { database, logger, clock }: LeasePorts,
) {
  const lost = new AbortController();
  let running = Promise.resolve();
  const beat = async (): Promise<void> => {
    try {
      await database.transaction(`${table.service}.extendLease`, (tx) =>
        table.extendLease(tx, fence, leaseEnd(clock)),
      );
    } catch (error) {
      if (error instanceof StaleAttemptError) lost.abort(error);
      // At a stop that takes longer than its grace the database closes first; what was taken runs out then.
      else
        logger[stopping.aborted ? 'debug' : 'warn'](
          { ...fence, error },
          'the lease could not be extended',
        );
    }
  };
  /** Beats under way or waiting for it. */
  let open = 0;
  const timer = setInterval(() => {
    // Behind a database that is slower than they come they would heap up, and the end would wait for them all.
    if (open > 1) return;
    open += 1;
    running = running.then(beat).then(() => {
      open -= 1;
    });
  }, HEARTBEAT_SECONDS * 1000);
  return {
    signal: AbortSignal.any([stopping, lost.signal]),
    isLost: () => lost.signal.aborted,
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
