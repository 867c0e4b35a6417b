/** The job detector-train: takes a training, goes on from its checkpoint, and ends it in every case. */
import { EngineError } from '@deepstyle/engine';
import type { JobDelivery } from '@deepstyle/service';
import { fenceOf, runTraining, secondsNow } from '@deepstyle/training';
import type { Ports } from '../ports.ts';
import { type Training, trainings } from '../records.ts';
import { finishModel } from './finish-model.ts';
import { createSession, trainNetwork } from './train-network.ts';
import { loadTrainingDataset } from './training-dataset.ts';

/** Returns once the training has ended. @throws TrainingInterruptedError, or what another delivery may overcome */
export function trainModel(ports: Ports, trainingId: string, delivery: JobDelivery): Promise<void> {
  return runTraining(
    trainingId,
    delivery,
    {
      table: trainings,
      train: (training, signal) => train(ports, training, signal),
      fail: (training, detail) => fail(ports, training, detail),
      // The engine computes the same again; a store may answer the next time.
      isFinal: (error) => error instanceof EngineError,
    },
    ports,
  );
}

async function train(ports: Ports, training: Training, signal: AbortSignal): Promise<void> {
  const startedAt = secondsNow();
  const { step, steps } = training;
  const session = createSession(ports, training);
  await session.report({ step, steps, detail: 'reading the dataset' });
  const dataset = await loadTrainingDataset(ports, training);
  await session.report({ step, steps, detail: 'compiling the network' });
  const trained = await trainNetwork(ports, { training, dataset, session, startedAt }, signal);
  await finishModel(ports, { training, dataset, session, trained }, signal);
}

async function fail({ database, clock }: Ports, training: Training, detail: string): Promise<void> {
  const end = { state: 'failed', detail, steps: null, now: clock() } as const;
  await database.transaction('detector.failTraining', (tx) =>
    trainings.close(tx, fenceOf(training), end),
  );
}
