/** One attempt at one training: the kit's loop with the network, the examples and the curve in it. */
import { createRandom, schedules } from '@deepstyle/engine';
import {
  type Callback,
  compileTraining,
  describeProgress,
  engineOptions,
  isTimeUp,
  lossCurve,
  type Progress,
  refitCourse,
  TrainingSession,
} from '@deepstyle/training';
import type { Ports } from '../ports.ts';
import { type Training, trainings, truncateLosses, writeLosses } from '../records.ts';
import { type BatchSource, createBatches } from './batches.ts';
import { createExampleSource } from './example-source.ts';
import { learningRateAt } from './hyperparameters.ts';
import {
  batchSpec,
  createStep,
  type DetectorState,
  initialState,
  LOSSES,
  type LossName,
} from './step.ts';
import type { TrainingDataset } from './training-dataset.ts';

/** Part of the time that is kept for saving. */
const RESERVE = 0.03;

export interface DetectorProgress extends Progress {
  /** From which the learning rates follow. */
  readonly schedule: schedules.Course;
}

export type DetectorSession = TrainingSession<Training, DetectorState, DetectorProgress>;

type Losses = Readonly<Record<LossName, number>>;

export interface TrainingInput {
  readonly training: Training;
  readonly dataset: TrainingDataset;
  readonly session: DetectorSession;
  /** `secondsNow()` when the attempt began: reading the dataset and compiling count. */
  readonly startedAt: number;
}

export interface Trained {
  readonly progress: DetectorProgress;
  readonly state: DetectorState;
}

export function createSession(ports: Ports, training: Training): DetectorSession {
  return new TrainingSession(trainings, training, `checkpoints/detector/${training.id}/`, ports);
}

/** Trains from the last checkpoint on. @throws TrainingInterruptedError, StaleAttemptError, and what engine and stores throw */
export async function trainNetwork(
  ports: Ports,
  { training, dataset, session, startedAt }: TrainingInput,
  signal: AbortSignal,
): Promise<Trained> {
  const { id, hyperparameters } = training;
  const { steps: wantedSteps, maxSeconds, seed } = hyperparameters;
  const start = await session.restore(
    {
      state: initialState(createRandom(`weights ${seed}`), hyperparameters),
      progress: { step: 0, seconds: 0, schedule: schedules.wholeCourse(wantedSteps) },
    },
    (tx, afterStep) => truncateLosses(tx, id, afterStep),
  );
  const spec = { state: start.state, batch: batchSpec(hyperparameters) };
  const compiled = await compileTraining(
    createStep(hyperparameters),
    spec,
    engineOptions(ports.settings),
  );
  const limit = { wantedSteps, maxSeconds, reserve: RESERVE };
  try {
    return await session.train(
      {
        from: start.progress,
        until: (progress) => progress.step >= progress.schedule.steps || isTimeUp(progress, limit),
        compiled,
        batches: batchesOf(ports, training, dataset),
        scalars: ({ step, schedule }) => ({
          learningRate: learningRateAt(step, schedule, hyperparameters),
        }),
        losses: LOSSES,
        images: hyperparameters.batchSize,
        callbacks: [refitCourse(limit), curveOf(id, session)],
        checkpointSeconds: ports.settings.checkpointSeconds,
        startedAt,
      },
      signal,
    );
  } finally {
    await compiled.dispose();
  }
}

function batchesOf(
  ports: Ports,
  { hyperparameters }: Training,
  { train, labels }: TrainingDataset,
): BatchSource {
  const { cacheBytes, maxPixels } = ports.settings;
  const { architecture, maxTruths } = hyperparameters;
  const { places } = labels;
  const options = { network: architecture.image, maxTruths, places, cacheBytes, maxPixels };
  return createBatches(createExampleSource(ports, train, options), hyperparameters);
}

function curveOf(id: string, session: DetectorSession): Callback<DetectorProgress, Losses> {
  return lossCurve({
    stepsOf: ({ schedule }) => schedule.steps,
    report: (point) => {
      const { step, steps, losses, stepsPerSecond } = point;
      const detail = `training: ${describeProgress(point, detailsOf(losses))}`;
      const row = { step, ...losses, stepsPerSecond };
      return session.report({ step, steps, detail }, (tx) => writeLosses(tx, id, row));
    },
  });
}

const WORDS: Readonly<Record<LossName, string>> = {
  objectness: 'objectness',
  rpnBox: 'RPN box',
  classification: 'classification',
  box: 'box',
};

export function detailsOf(losses: Losses): string[] {
  const parts = LOSSES.map((name) => `${WORDS[name]} ${losses[name].toFixed(3)}`);
  return [`losses ${parts.join(' ')}`];
}
