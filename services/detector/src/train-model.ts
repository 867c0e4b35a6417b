/** The job detector-train: takes a training, goes on from its checkpoint, and ends it in every case. */
import { EngineError } from '@deepstyle/engine';
import {
  type Attempt,
  fenceOf,
  runTraining,
  sweepCheckpoints,
  TrainingInterruptedError,
} from '@deepstyle/service/training-jobs';
import { finishModel } from './finish-model.ts';
import type { Ports } from './ports.ts';
import { type Training, trainings } from './records.ts';
import { loadTrainingDataset } from './training-dataset.ts';
import { checkpointFolder, reportPhase, runSession } from './training-session.ts';

/** Returns once the training has ended. @throws TrainingInterruptedError, or what another delivery may overcome */
export function trainModel(trainingId: string, attempt: Attempt, ports: Ports): Promise<void> {
  return runTraining(
    trainingId,
    attempt,
    {
      table: trainings,
      train: (training, signal) => train(training, signal, ports),
      fail: (training, detail) => fail(training, detail, ports),
      // The engine computes the same again; a store may answer the next time.
      isFinal: (error) => error instanceof EngineError,
    },
    ports,
  );
}

async function train(training: Training, signal: AbortSignal, ports: Ports): Promise<void> {
  const startedAt = performance.now();
  await reportPhase(training, 'reading the dataset', ports);
  const dataset = await loadTrainingDataset(training, ports);
  const session = await runSession({ training, dataset, startedAt }, ports, signal);
  if (session.interrupted) throw new TrainingInterruptedError(training.id, session.position.step);
  await finishModel({ training, dataset, session }, ports, signal);
  await sweepCheckpoints(checkpointFolder(training.id), ports);
}

async function fail(training: Training, detail: string, { database, clock }: Ports): Promise<void> {
  const end = { state: 'failed', detail, steps: null, now: clock() } as const;
  await database.transaction('detector.failTraining', (tx) =>
    trainings.close(tx, fenceOf(training), end),
  );
}
