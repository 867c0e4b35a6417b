/** The job gan-train: takes the training of a run, goes on from its checkpoint, and ends it in every case. */
import { setTimeout as wait } from 'node:timers/promises';
import { EngineError } from '@deepstyle/engine';
import { DeepStyleError, describeError } from '@deepstyle/platform';
import { StaleAttemptError, TrainingInterruptedError } from './errors.ts';
import { finishModel } from './finish-model.ts';
import { loadGarmentImages } from './garment-images.ts';
import { manifestHash, modelId } from './manifest.ts';
import { announce } from './plan-training.ts';
import type { Ports } from './ports.ts';
import {
  closeTraining,
  extendLease,
  type Fence,
  findModels,
  listTrainingGarments,
  releaseFailedTraining,
  releaseTraining,
  type Training,
  takeTraining,
} from './records.ts';
import { splitGarments } from './training/batches.ts';
import { hyperparametersFor } from './training/hyperparameters.ts';
import { checkpointPrefix, runSession } from './training-session.ts';

/** How long a silent worker keeps the training, and how often a living one says so. */
const LEASE_MS = 20_000;
const HEARTBEAT_MS = 4_000;
/** How often a worker asks whether another's lease has run out. */
const HELD_POLL_MS = 1_000;
/** Takings without a new checkpoint: whatever kills the worker will kill the next one. */
const MOST_CRASHES = 5;

export interface Attempt {
  readonly signal: AbortSignal;
  /** No further delivery follows: the training ends with this one. */
  readonly isLast: boolean;
}

/** Returns once the training has its outcome. @throws TrainingInterruptedError, or what another delivery may overcome */
export async function trainRun(runId: string, attempt: Attempt, ports: Ports): Promise<void> {
  for (;;) {
    const taking = await take(runId, ports);
    if (taking.kind === 'closed') return;
    if (taking.kind === 'taken') {
      const isEnded = await tryTraining(taking.training, attempt, ports);
      if (isEnded) return;
    }
    // Held by another worker, which may die: this delivery is not given up before the training has ended.
    if (attempt.signal.aborted) throw new TrainingInterruptedError(runId, 0);
    await wait(HELD_POLL_MS, undefined, { signal: attempt.signal }).catch(() => {});
  }
}

function take(runId: string, { database, clock }: Ports) {
  return database.transaction('gan-trainer.takeTraining', (tx) =>
    takeTraining(tx, runId, clock(), leaseEnd(clock)),
  );
}

function leaseEnd(clock: () => Date): Date {
  return new Date(clock().getTime() + LEASE_MS);
}

/** False where another worker took the training meanwhile. */
async function tryTraining(training: Training, attempt: Attempt, ports: Ports): Promise<boolean> {
  const { runId } = training;
  const fence: Fence = { runId, attempt: training.attempt };
  const lease = holdLease(fence, attempt.signal, ports);
  try {
    if (training.crashes > MOST_CRASHES) {
      await fail(training, `it stopped ${MOST_CRASHES} times without getting further`, ports);
    } else {
      await train(training, { ...attempt, signal: lease.signal }, ports);
    }
    return true;
  } catch (error) {
    if (error instanceof StaleAttemptError || lease.isLost()) {
      ports.logger.warn({ runId, attempt: fence.attempt }, 'another worker has the training now');
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
  const { runId } = training;
  const fence: Fence = { runId, attempt: training.attempt };
  if (attempt.signal.aborted) {
    await ports.database.transaction('gan-trainer.release', (tx) => releaseTraining(tx, fence));
    throw error instanceof TrainingInterruptedError
      ? error
      : new TrainingInterruptedError(runId, training.step);
  }
  if (mayPass(error) && !attempt.isLast) {
    await ports.database.transaction('gan-trainer.releaseFailed', (tx) =>
      releaseFailedTraining(tx, fence),
    );
    throw error;
  }
  ports.logger.error({ runId, error }, 'a training failed for good');
  await fail(training, describeError(error), ports);
  return true;
}

/** The engine computes the same again; a store may answer the next time. */
function mayPass(error: unknown): boolean {
  return !(error instanceof EngineError) && DeepStyleError.from(error).retryable;
}

async function train(training: Training, attempt: Attempt, ports: Ports): Promise<void> {
  const { runId } = training;
  const fence: Fence = { runId, attempt: training.attempt };
  const manifest = await ports.database.transaction('gan-trainer.listManifest', (tx) =>
    listTrainingGarments(tx, runId),
  );
  const hyperparameters =
    training.hyperparameters ??
    hyperparametersFor(manifest.length, ports.settings, training.run.gan.steps);
  const hash = training.manifestHash ?? manifestHash(manifest.map(({ id }) => id));
  const id = modelId(hash, hyperparameters);
  const known = await ports.database.transaction('gan-trainer.findModel', (tx) =>
    findModels(tx, [id]),
  );
  if (known.length > 0) {
    const reason = 'a model of the same garments and hyperparameters was trained meanwhile';
    return end(training, { state: 'done', outcome: 'reused', modelId: id, reason }, ports);
  }
  const loaded = await loadGarmentImages(manifest, ports, attempt.signal);
  const { minGarments } = ports.settings;
  if (loaded.images.count < minGarments) {
    const reason = `only ${loaded.images.count} of ${manifest.length} garments are readable images; ${minGarments} are needed (GAN_MIN_GARMENTS)`;
    return end(training, { state: 'skipped', outcome: 'skipped', modelId: null, reason }, ports);
  }
  const split = splitGarments(loaded.images.count, hyperparameters.seed, hyperparameters.heldOut);
  const session = await runSession(
    { fence, hyperparameters, checkpoint: training.checkpoint, images: loaded.images, ...split },
    ports,
    attempt.signal,
  );
  if (session.interrupted) throw new TrainingInterruptedError(runId, session.position.step);
  await finishModel(
    { training, modelId: id, manifestHash: hash, hyperparameters, loaded, split, session },
    ports,
  );
  await sweepCheckpoints(runId, ports);
}

/** Checkpoints of a training that has ended; a failure to delete them harms nothing. */
async function sweepCheckpoints(runId: string, { objects, logger }: Ports): Promise<void> {
  try {
    for await (const { key } of objects.list(checkpointPrefix(runId))) await objects.delete(key);
  } catch (error) {
    logger.warn({ runId, error }, 'the checkpoints of an ended training could not be deleted');
  }
}

function fail(training: Training, reason: string, ports: Ports): Promise<void> {
  const full = `training failed: ${reason}`.slice(0, 2000);
  return end(training, { state: 'failed', outcome: 'skipped', modelId: null, reason: full }, ports);
}

type End = Omit<Parameters<typeof closeTraining>[2], 'now' | 'steps'>;

async function end(training: Training, ending: End, ports: Ports): Promise<void> {
  const { run, runId, attempt } = training;
  await ports.database.transaction('gan-trainer.endTraining', async (tx) => {
    await closeTraining(tx, { runId, attempt }, { ...ending, steps: null, now: ports.clock() });
    const { outcome, modelId, reason } = ending;
    await announce(ports.outbox, tx, { run, outcome, modelId, reason });
  });
}

/** Extends the lease while the attempt runs; aborts `signal` with the process or once the lease is another's. */
function holdLease(fence: Fence, stopping: AbortSignal, ports: Ports) {
  const lost = new AbortController();
  let running = Promise.resolve();
  const beat = async (): Promise<void> => {
    try {
      await ports.database.transaction('gan-trainer.extendLease', (tx) =>
        extendLease(tx, fence, leaseEnd(ports.clock)),
      );
    } catch (error) {
      if (error instanceof StaleAttemptError) lost.abort(error);
      else ports.logger.warn({ runId: fence.runId, error }, 'the lease could not be extended');
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
