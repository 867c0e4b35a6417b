/** The job gan-train: takes the training of a run, goes on from its checkpoint, and ends it in every case. */
import { EngineError } from '@deepstyle/engine';
import { type Attempt, runTraining } from '@deepstyle/training';
import { loadGarmentImages } from '../garment-images.ts';
import { manifestHash, modelId } from '../manifest.ts';
import { announce } from '../plan-training.ts';
import type { Ports } from '../ports.ts';
import {
  closeTraining,
  findModels,
  listTrainingGarments,
  type Training,
  trainings,
} from '../records.ts';
import { splitGarments } from './batches.ts';
import { finishModel } from './finish-model.ts';
import { hyperparametersFor } from './hyperparameters.ts';
import { trainNetworks } from './train-networks.ts';

/** Returns once the training has its outcome. @throws TrainingInterruptedError, or what another delivery may overcome */
export function trainRun(runId: string, attempt: Attempt, ports: Ports): Promise<void> {
  return runTraining(
    runId,
    attempt,
    {
      table: trainings,
      train: (training, signal) => train(training, signal, ports),
      fail: (training, reason) =>
        end(training, { state: 'failed', outcome: 'skipped', modelId: null, reason }, ports),
      // The engine computes the same again; a store may answer the next time.
      isFinal: (error) => error instanceof EngineError,
    },
    ports,
  );
}

async function train(training: Training, signal: AbortSignal, ports: Ports): Promise<void> {
  const { id: runId } = training;
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
  const loaded = await loadGarmentImages(manifest, ports, signal);
  const { minGarments } = ports.settings;
  if (loaded.images.count < minGarments) {
    const reason = `only ${loaded.images.count} of ${manifest.length} garments are readable images; ${minGarments} are needed (GAN_MIN_GARMENTS)`;
    return end(training, { state: 'skipped', outcome: 'skipped', modelId: null, reason }, ports);
  }
  const split = splitGarments(loaded.images.count, hyperparameters.seed, hyperparameters.heldOut);
  const trained = await trainNetworks(
    { training, hyperparameters, images: loaded.images, split },
    ports,
    signal,
  );
  await finishModel(
    { training, modelId: id, manifestHash: hash, hyperparameters, loaded, split, trained },
    ports,
  );
}

type End = Omit<Parameters<typeof closeTraining>[2], 'now' | 'steps'>;

async function end(training: Training, ending: End, ports: Ports): Promise<void> {
  const { run } = training;
  await ports.database.transaction('gan-trainer.endTraining', async (tx) => {
    await closeTraining(tx, training, { ...ending, steps: null, now: ports.clock() });
    const { outcome, modelId, reason } = ending;
    await announce(ports.outbox, tx, { run, outcome, modelId, reason });
  });
}
