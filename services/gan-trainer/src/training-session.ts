/** One attempt at one training: the loop with the engine, the images and the records under it. */
import { createHash } from 'node:crypto';
import { createRandom, decodeCheckpoint, encodeCheckpoint } from '@deepstyle/engine';
import { countMetric, recordMetric, secondsSince } from '@deepstyle/platform';
import {
  checkpointKey,
  decodeStored,
  type Fence,
  writeReport,
} from '@deepstyle/service/training-jobs';
import { type Features, renderGrid } from '@deepstyle/vision';
import { describeProgress } from './describe-progress.ts';
import { distanceBetween, featuresOf, featuresOfSet } from './distance.ts';
import { IMAGE_SIZE } from './model/generator.ts';
import type { Ports } from './ports.ts';
import {
  type CheckpointReference,
  trainings,
  truncateCurves,
  writeMetric,
  writeSample,
} from './records.ts';
import { batchAt, IMAGE_VALUES, type ImageSet } from './training/batches.ts';
import {
  CALIBRATION_BATCH,
  compileRenderer,
  compileTraining,
  type StatisticsTensors,
} from './training/compiled.ts';
import type { Hyperparameters } from './training/hyperparameters.ts';
import { type LoopPorts, type Position, runLoop, START } from './training/loop.ts';
import { initialState, type Losses, type TrainingState } from './training/step.ts';

/** Images of a sample grid, 8 x 8. */
const GRID_IMAGES = 64;
const GRID_COLUMNS = 8;
const PROGRESS_SECONDS = 1;

export interface SessionInput {
  readonly fence: Fence;
  readonly hyperparameters: Hyperparameters;
  readonly checkpoint: CheckpointReference | null;
  readonly images: ImageSet;
  /** Rows of `images`. */
  readonly train: readonly number[];
  readonly heldOut: readonly number[];
}

export interface SessionResult {
  readonly interrupted: boolean;
  readonly position: Position;
  /** State after the best step. */
  readonly best: TrainingState;
}

/** What was measured last, kept for the checkpoint that follows. */
interface Measured {
  readonly step: number;
  readonly state: TrainingState;
  readonly images: Float32Array;
}

/** Latents that statistics are measured over; the same for every checkpoint. [256, nz] */
export function calibrationLatents({ latentSize, seed }: Hyperparameters): Float32Array {
  return createRandom(`${seed}:calibration`).normal(CALIBRATION_BATCH * latentSize);
}

/** Trains from the last checkpoint on. @throws StaleAttemptError, and what engine and stores throw */
export async function runSession(
  input: SessionInput,
  ports: Ports,
  signal: AbortSignal,
): Promise<SessionResult> {
  const { hyperparameters, fence } = input;
  const start = await restore(input, ports);
  const trainImages = subset(input.images, input.train);
  const heldOut = featuresOfSet(input.images, input.heldOut);
  const compiled = await compileTraining(hyperparameters, start.state, ports.engine);
  const renderer = await compileRenderer(hyperparameters, ports.engine);
  try {
    const sampleLatents = createRandom(`${hyperparameters.seed}:samples`).normal(
      // As many as are held out, where those are not fewer than a grid shows.
      Math.max(GRID_IMAGES, input.heldOut.length) * hyperparameters.latentSize,
    );
    const readState = async () => (await compiled.readState()) as unknown as TrainingState;
    let measured: Measured | null = null;
    let reference = input.checkpoint;
    const loopPorts: LoopPorts<Losses> = {
      step: async (step, steps) => {
        const startedAt = performance.now();
        const batch = batchAt(trainImages, hyperparameters, step, steps);
        const losses = await compiled.run({ ...batch });
        measureStep(startedAt, hyperparameters);
        return {
          discriminatorLoss: losses['discriminatorLoss']?.data[0] ?? Number.NaN,
          generatorLoss: losses['generatorLoss']?.data[0] ?? Number.NaN,
        };
      },
      measure: async (step) => {
        const state = await readState();
        const statistics: StatisticsTensors = await renderer.calibrate(
          state.averaged,
          calibrationLatents(hyperparameters),
        );
        const images = await renderer.run(state.averaged, statistics, sampleLatents);
        measured = { step, state, images };
        return distanceOf(images, heldOut);
      },
      checkpoint: async (position, distance) => {
        const state = measured?.step === position.step ? measured.state : await readState();
        const grid = distance === null || measured === null ? null : measured.images;
        reference = await saveCheckpoint(
          { fence, state, position, distance, grid, before: reference },
          ports,
        );
      },
      progress: (progress) => {
        const { step, steps, losses, stepsPerSecond } = progress;
        const row = { step, ...losses, kid: null, stepsPerSecond };
        const report = { step, steps, detail: describeProgress(progress) };
        return writeReport(
          trainings,
          fence,
          report,
          (tx) => writeMetric(tx, fence.trainingId, row),
          ports,
        );
      },
      now: () => performance.now() / 1000,
    };
    const plan = loopPlan(hyperparameters, ports);
    const { position, interrupted } = await runLoop(plan, start.position, loopPorts, signal);
    const best = await bestState(reference, await readState(), ports);
    return { interrupted, position, best };
  } finally {
    await renderer.dispose();
    await compiled.dispose();
  }
}

function measureStep(startedAt: number, { batchSize }: Hyperparameters): void {
  recordMetric('trainingStepDuration', { service: 'gan-trainer' }, secondsSince(startedAt));
  countMetric('images', { service: 'gan-trainer', work: 'train' }, batchSize);
}

function loopPlan({ steps, maxSeconds }: Hyperparameters, { settings }: Ports) {
  return {
    wantedSteps: steps,
    maxSeconds,
    measureSteps: settings.checkpointSteps,
    checkpointSeconds: settings.checkpointSeconds,
    progressSeconds: PROGRESS_SECONDS,
  };
}

function distanceOf(images: Float32Array, heldOut: Features): number {
  return distanceBetween(heldOut, featuresOf(images));
}

/** The state to begin with; what the curves say beyond it is forgotten. */
async function restore(
  { hyperparameters, checkpoint, fence }: SessionInput,
  ports: Ports,
): Promise<{ state: TrainingState; position: Position }> {
  const fresh = initialState(hyperparameters);
  const restored =
    checkpoint === null
      ? { state: fresh, position: START }
      : await readCheckpoint(checkpoint.key, fresh, ports);
  await ports.database.transaction('gan-trainer.restore', (tx) =>
    truncateCurves(tx, fence.trainingId, checkpoint === null ? -1 : restored.position.step),
  );
  return restored;
}

async function bestState(
  reference: CheckpointReference | null,
  current: TrainingState,
  ports: Ports,
): Promise<TrainingState> {
  const best = reference?.best ?? null;
  if (best === null || best.step === reference?.step) return current;
  return (await readCheckpoint(best.key, current, ports)).state;
}

async function readCheckpoint(key: string, like: TrainingState, { objects }: Ports) {
  const bytes = await objects.get(key);
  return decodeStored(key, () => decodeCheckpoint<TrainingState, Position>(bytes, like));
}

interface CheckpointInput {
  readonly fence: Fence;
  readonly state: TrainingState;
  readonly position: Position;
  /** Null where this step was not measured. */
  readonly distance: number | null;
  /** Images of the sample latents at this step, where it was measured. */
  readonly grid: Float32Array | null;
  readonly before: CheckpointReference | null;
}

/** Objects first, then the record that names them; last, what nothing names any more is deleted. */
async function saveCheckpoint(input: CheckpointInput, ports: Ports): Promise<CheckpointReference> {
  const { fence, state, position, distance, before } = input;
  const { step } = position;
  const key = checkpointKey(checkpointFolder(fence.trainingId), fence, step);
  await ports.objects.put(key, encodeCheckpoint(state, position), 'application/octet-stream');
  const isBest = position.best?.step === step;
  const reference = { key, step, best: isBest ? { key, step } : (before?.best ?? null) };
  const sample = input.grid === null ? null : await saveGrid(input.grid, step, ports);
  await ports.database.transaction('gan-trainer.writeCheckpoint', async (tx) => {
    await trainings.writeCheckpoint(tx, fence, reference, ports.clock());
    if (distance !== null) {
      const nothing = { discriminatorLoss: null, generatorLoss: null, stepsPerSecond: null };
      await writeMetric(tx, fence.trainingId, { step, kid: distance, ...nothing });
    }
    if (sample !== null) await writeSample(tx, fence.trainingId, sample);
  });
  const needed = new Set([key, reference.best?.key]);
  for (const old of [before?.key, before?.best?.key]) {
    if (old !== undefined && !needed.has(old)) await ports.objects.delete(old);
  }
  return reference;
}

/** Everything that a run's training saves on its way. */
export function checkpointFolder(runId: string): string {
  return `checkpoints/${runId}/`;
}

async function saveGrid(images: Float32Array, step: number, ports: Ports) {
  const shown = images.subarray(0, GRID_IMAGES * IMAGE_VALUES);
  const gapPx = 2;
  const png = await renderGrid(shown, {
    count: shown.length / IMAGE_VALUES,
    height: IMAGE_SIZE,
    width: IMAGE_SIZE,
    columns: GRID_COLUMNS,
    gapPx,
  });
  const sha256 = createHash('sha256').update(png).digest('hex');
  const key = `grids/${sha256.slice(0, 2)}/${sha256}`;
  await ports.objects.put(key, png, 'image/png');
  const side = GRID_COLUMNS * (IMAGE_SIZE + gapPx) - gapPx;
  return { step, imageKey: key, widthPx: side, heightPx: side };
}

function subset(images: ImageSet, indices: readonly number[]): ImageSet {
  const data = new Uint8Array(indices.length * IMAGE_VALUES);
  for (const [index, image] of indices.entries()) {
    const source = images.data.subarray(image * IMAGE_VALUES, (image + 1) * IMAGE_VALUES);
    data.set(source, index * IMAGE_VALUES);
  }
  return { count: indices.length, data };
}
