/** The job gan-train: takes the training of a run, goes on from its checkpoint, and ends it in every case. */
import { EngineError } from '@deepstyle/engine';
import type { JobDelivery } from '@deepstyle/service';
import { runTraining } from '@deepstyle/training';
import { manifestHash, modelId } from '../manifest.ts';
import type { Ports } from '../ports.ts';
import {
  listTrainingGarments,
  modelsById,
  type Training,
  type TrainingEnd,
  trainings,
} from '../records.ts';
import { splitGarments } from './batches.ts';
import { endTraining } from './end-training.ts';
import { finishModel } from './finish-model.ts';
import { loadGarmentImages } from './garment-images.ts';
import { hyperparametersFor } from './hyperparameters.ts';
import { trainNetworks } from './train-networks.ts';

/** Returns once the training has its outcome. @throws TrainingInterruptedError, or what another delivery may overcome */
export function trainRun(ports: Ports, runId: string, delivery: JobDelivery): Promise<void> {
  return runTraining(
    runId,
    delivery,
    {
      table: trainings,
      train: (training, signal) => train(ports, training, signal),
      fail: (training, reason) =>
        end(ports, training, { state: 'failed', outcome: 'skipped', modelId: null, reason }),
      // The engine computes the same again; a store may answer the next time.
      isFinal: (error) => error instanceof EngineError,
    },
    ports,
  );
}

async function train(ports: Ports, training: Training, signal: AbortSignal): Promise<void> {
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
    modelsById(tx, [id]),
  );
  if (known.length > 0) {
    const reason = 'a model of the same garments and hyperparameters was trained meanwhile';
    return end(ports, training, { state: 'done', outcome: 'reused', modelId: id, reason });
  }
  const loaded = await loadGarmentImages(ports, manifest, signal);
  const { minGarments } = ports.settings;
  if (loaded.images.count < minGarments) {
    const reason = `only ${loaded.images.count} of ${manifest.length} garments are readable images; ${minGarments} are needed (GAN_MIN_GARMENTS)`;
    return end(ports, training, { state: 'skipped', outcome: 'skipped', modelId: null, reason });
  }
  const split = splitGarments(loaded.images.count, hyperparameters.seed, hyperparameters.heldOut);
  const { images } = loaded;
  const input = { training, hyperparameters, images, split };
  const trained = await trainNetworks(ports, input, signal);
  const model = { modelId: id, manifestHash: hash, hyperparameters };
  await finishModel(ports, { training, ...model, loaded, split, trained });
}

function end(ports: Ports, training: Training, ending: Omit<TrainingEnd, 'steps'>): Promise<void> {
  return ports.database.transaction('gan-trainer.endTraining', (tx) =>
    endTraining(ports, tx, training, { ...ending, steps: null }),
  );
}
