/** The job detector-train: takes a training, goes on from its checkpoint, and ends it in every case. */
import { EngineError } from '@deepstyle/engine';
import { type Attempt, fenceOf, runTraining, secondsNow } from '@deepstyle/training';
import type { Ports } from '../ports.ts';
import { type Training, trainings } from '../records.ts';
import { loadTrainingDataset } from '../training-dataset.ts';
import { finishModel } from './finish-model.ts';
import { createSession, trainNetwork } from './train-network.ts';

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
  const startedAt = secondsNow();
  const { step, steps } = training;
  const session = createSession(training, ports);
  await session.report({ step, steps, detail: 'reading the dataset' });
  const dataset = await loadTrainingDataset(training, ports);
  await session.report({ step, steps, detail: 'compiling the network' });
  const trained = await trainNetwork({ training, dataset, session, startedAt }, ports, signal);
  await finishModel({ training, dataset, session, trained }, ports, signal);
}

async function fail(training: Training, detail: string, { database, clock }: Ports): Promise<void> {
  const end = { state: 'failed', detail, steps: null, now: clock() } as const;
  await database.transaction('detector.failTraining', (tx) =>
    trainings.close(tx, fenceOf(training), end),
  );
}
