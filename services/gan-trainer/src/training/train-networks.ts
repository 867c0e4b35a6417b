/** One attempt at one training: the kit's loop with the networks, the images and the curves in it. */
import {
  type Callback,
  compileTraining,
  describeProgress,
  engineOptions,
  fixSteps,
  isTimeUp,
  lossCurve,
  type MeasuredProgress,
  measureWeights,
  TrainingSession,
} from '@deepstyle/training';
import { featuresOfSet } from '../distance.ts';
import type { Ports } from '../ports.ts';
import {
  type SampleRow,
  type Training,
  trainings,
  truncateCurves,
  writeMetric,
  writeSample,
} from '../records.ts';
import { batchAt, type ImageSet, subset } from './batches.ts';
import { type Hyperparameters, scalarsAt } from './hyperparameters.ts';
import { createSampler, storeGrid } from './sampler.ts';
import {
  batchSpec,
  createStep,
  initialState,
  LOSSES,
  type Losses,
  type TrainingState,
} from './step.ts';

/** Part of the time that is kept for measuring and saving. */
const RESERVE = 0.08;

export interface GanProgress extends MeasuredProgress {
  /** Steps to do in all; null until the machine's speed is known. */
  readonly steps: number | null;
}

export const START: GanProgress = {
  step: 0,
  seconds: 0,
  steps: null,
  firstDistance: null,
  lastDistance: null,
  best: null,
};

export interface TrainingInput {
  readonly training: Training;
  readonly hyperparameters: Hyperparameters;
  readonly images: ImageSet;
  /** Rows of `images`. */
  readonly split: { readonly train: readonly number[]; readonly heldOut: readonly number[] };
}

type GanSession = TrainingSession<Training, TrainingState, GanProgress>;

export interface Trained {
  readonly session: GanSession;
  readonly progress: GanProgress;
  /** After the best step. */
  readonly state: TrainingState;
}

/** Trains from the last checkpoint on. @throws TrainingInterruptedError, StaleAttemptError, and what engine and stores throw */
export async function trainNetworks(
  ports: Ports,
  { training, hyperparameters, images, split }: TrainingInput,
  signal: AbortSignal,
): Promise<Trained> {
  const { id } = training;
  const session: GanSession = new TrainingSession(trainings, training, `checkpoints/${id}/`, ports);
  const start = await session.restore(
    { state: initialState(hyperparameters), progress: START },
    (tx, afterStep) => truncateCurves(tx, id, afterStep),
  );
  const engine = engineOptions(ports.settings);
  const trainImages = subset(images, split.train);
  const spec = { state: start.state, batch: batchSpec(hyperparameters) };
  const compiled = await compileTraining(createStep(hyperparameters), spec, engine);
  const heldOut = featuresOfSet(images, split.heldOut);
  const sampler = await createSampler(hyperparameters, heldOut, engine);
  const limit = { ...hyperparameters, wantedSteps: hyperparameters.steps, reserve: RESERVE };
  const until = (progress: GanProgress) =>
    progress.steps !== null && (progress.step >= progress.steps || isTimeUp(progress, limit));
  const measure = async (step: number): Promise<number> => {
    const { averaged } = await compiled.readState();
    const { images, distance } = await sampler.sample(averaged);
    await recordSample(await storeGrid(ports, images, step), distance, id, session);
    return distance;
  };
  try {
    const trained = await session.train(
      {
        from: start.progress,
        until,
        compiled,
        batches: (step) => batchAt(trainImages, hyperparameters, step),
        scalars: ({ step, steps }) => scalarsAt(step, steps, hyperparameters),
        losses: LOSSES,
        images: hyperparameters.batchSize,
        callbacks: [
          fixSteps(limit),
          curveOf(id, limit.wantedSteps, session),
          measureWeights({
            measure,
            everySteps: ports.settings.checkpointSteps,
            stepsOf: ({ steps }) => steps,
            until,
          }),
        ],
        checkpointSeconds: ports.settings.checkpointSeconds,
      },
      signal,
    );
    return { session, ...trained };
  } finally {
    await sampler.dispose();
    await compiled.dispose();
  }
}

function recordSample(
  sample: SampleRow,
  distance: number,
  id: string,
  session: GanSession,
): Promise<void> {
  const { step } = sample;
  const unknown = { discriminatorLoss: null, generatorLoss: null, stepsPerSecond: null };
  return session.write('recordSample', async (tx) => {
    await writeMetric(tx, id, { step, kid: distance, ...unknown });
    await writeSample(tx, id, sample);
  });
}

function curveOf(
  id: string,
  wantedSteps: number,
  session: GanSession,
): Callback<GanProgress, Losses> {
  return lossCurve({
    stepsOf: ({ steps }) => steps ?? wantedSteps,
    report: (point, progress) => {
      const { step, steps, losses, stepsPerSecond } = point;
      const detail = describeProgress(point, detailsOf(losses, progress));
      const row = { step, ...losses, kid: null, stepsPerSecond };
      return session.report({ step, steps, detail }, (tx) => writeMetric(tx, id, row));
    },
  });
}

export function detailsOf(
  { discriminatorLoss, generatorLoss }: Losses,
  { firstDistance, lastDistance }: GanProgress,
): string[] {
  const loss = `loss D ${discriminatorLoss.toFixed(2)} G ${generatorLoss.toFixed(2)}`;
  if (firstDistance === null || lastDistance === null) return [loss];
  return [loss, `KID ${lastDistance.toFixed(3)} (${firstDistance.toFixed(3)} at first)`];
}
