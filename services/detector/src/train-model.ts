/** The job detector-train: takes a training, goes on from its checkpoint, and ends it in every case. */
import { setTimeout as wait } from 'node:timers/promises';
import { EngineError } from '@deepstyle/engine';
import { DeepStyleError, describeError } from '@deepstyle/platform';
import { StaleAttemptError, TrainingInterruptedError } from './errors.ts';
import { finishModel } from './finish-model.ts';
import type { Ports } from './ports.ts';
import {
  closeTraining,
  extendLease,
  type Fence,
  releaseFailedTraining,
  releaseTraining,
  type Training,
  takeTraining,
} from './records.ts';
import { loadTrainingDataset } from './training-dataset.ts';
import { checkpointPrefix, reportPhase, runSession } from './training-session.ts';

/** How long a silent worker keeps the training, and how often a living one says so. */
const LEASE_MS = 20_000;
const HEARTBEAT_MS = 4_000;
/** How often a worker asks whether another's lease has run out. */
const HELD_POLL_MS = 1_000;
/** Takings without a new checkpoint: whatever kills the worker will kill the next one. */
const MOST_CRASHES = 5;
const MOST_DETAIL = 2000;

export interface Attempt {
  readonly signal: AbortSignal;
  /** No further delivery follows: the training ends with this one. */
  readonly isLast: boolean;
}

/** Returns once the training has ended. @throws TrainingInterruptedError, or what another delivery may overcome */
export async function trainModel(
  trainingId: string,
  attempt: Attempt,
  ports: Ports,
): Promise<void> {
  for (;;) {
    const taking = await take(trainingId, ports);
    if (taking.kind === 'closed') return;
    if (taking.kind === 'taken') {
      const isEnded = await tryTraining(taking.training, attempt, ports);
      if (isEnded) return;
    }
    // Held by another worker, which may die: this delivery is not given up before the training has ended.
    if (attempt.signal.aborted) throw new TrainingInterruptedError(trainingId, 0);
    await wait(HELD_POLL_MS, undefined, { signal: attempt.signal }).catch(() => {});
  }
}

function take(trainingId: string, { database, clock }: Ports) {
  return database.transaction('detector.takeTraining', (tx) =>
    takeTraining(tx, trainingId, clock(), leaseEnd(clock)),
  );
}

function leaseEnd(clock: () => Date): Date {
  return new Date(clock().getTime() + LEASE_MS);
}

function fenceOf({ id, attempt }: Training): Fence {
  return { trainingId: id, attempt };
}

/** False where another worker took the training meanwhile. */
async function tryTraining(training: Training, attempt: Attempt, ports: Ports): Promise<boolean> {
  const fence = fenceOf(training);
  const lease = holdLease(fence, attempt.signal, ports);
  try {
    if (training.crashes > MOST_CRASHES) {
      await fail(training, `it stopped ${MOST_CRASHES} times without getting further`, ports);
    } else {
      await train(training, lease.signal, ports);
    }
    return true;
  } catch (error) {
    if (error instanceof StaleAttemptError || lease.isLost()) {
      ports.logger.warn({ ...fence }, 'another worker has the training now');
      return false;
    }
    return await afterFailure(error, training, attempt, ports);
  } finally {
    await lease.stop();
  }
}

async function afterFailure(
  error: unknown,
  training: Training,
  attempt: Attempt,
  ports: Ports,
): Promise<boolean> {
  const fence = fenceOf(training);
  if (attempt.signal.aborted) {
    await ports.database.transaction('detector.release', (tx) => releaseTraining(tx, fence));
    throw error instanceof TrainingInterruptedError
      ? error
      : new TrainingInterruptedError(training.id, training.step);
  }
  if (mayPass(error) && !attempt.isLast) {
    await ports.database.transaction('detector.releaseFailed', (tx) =>
      releaseFailedTraining(tx, fence),
    );
    throw error;
  }
  ports.logger.error({ trainingId: training.id, error }, 'a training failed for good');
  await fail(training, describeError(error), ports);
  return true;
}

/** The engine computes the same again; a store may answer the next time. */
function mayPass(error: unknown): boolean {
  return !(error instanceof EngineError) && DeepStyleError.from(error).retryable;
}

async function train(training: Training, signal: AbortSignal, ports: Ports): Promise<void> {
  const startedAt = performance.now();
  await reportPhase(training, 'reading the dataset', ports);
  const dataset = await loadTrainingDataset(training, ports);
  const session = await runSession({ training, dataset, startedAt }, ports, signal);
  if (session.interrupted) throw new TrainingInterruptedError(training.id, session.position.step);
  await finishModel({ training, dataset, session }, ports, signal);
  await sweepCheckpoints(training.id, ports);
}

/** Checkpoints of a training that has ended; a failure to delete them harms nothing. */
async function sweepCheckpoints(trainingId: string, { objects, logger }: Ports): Promise<void> {
  try {
    for await (const { key } of objects.list(checkpointPrefix(trainingId)))
      await objects.delete(key);
  } catch (error) {
    logger.warn({ trainingId, error }, 'the checkpoints of an ended training could not be deleted');
  }
}

async function fail(training: Training, reason: string, ports: Ports): Promise<void> {
  const detail = `training failed: ${reason}`.slice(0, MOST_DETAIL);
  const end = { state: 'failed', detail, steps: null, now: ports.clock() } as const;
  await ports.database.transaction('detector.failTraining', (tx) =>
    closeTraining(tx, fenceOf(training), end),
  );
}

/** Extends the lease while the attempt runs; aborts `signal` with the process or once the lease is another's. */
function holdLease(fence: Fence, stopping: AbortSignal, ports: Ports) {
  const lost = new AbortController();
  let running = Promise.resolve();
  const beat = async (): Promise<void> => {
    try {
      await ports.database.transaction('detector.extendLease', (tx) =>
        extendLease(tx, fence, leaseEnd(ports.clock)),
      );
    } catch (error) {
      if (error instanceof StaleAttemptError) lost.abort(error);
      else ports.logger.warn({ ...fence, error }, 'the lease could not be extended');
    }
  };
  const timer = setInterval(() => {
    running = running.then(beat);
  }, HEARTBEAT_MS);
  return {
    signal: AbortSignal.any([stopping, lost.signal]),
    isLost: () => lost.signal.aborted,
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
