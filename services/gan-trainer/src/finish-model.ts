/** Turns the best step of a training into a model: files first, then one transaction. */
import { exportOnnx, flattenTree, type HostTensor, type Tree, type tf } from '@deepstyle/engine';
import { FEATURE_SPACE, featuresOfSet } from './distance.ts';
import type { GarmentImages } from './garment-images.ts';
import { TRAINER_VERSION } from './manifest.ts';
import {
  type GeneratorParams,
  type GeneratorStatistics,
  IMAGE_SIZE,
  render,
} from './model/generator.ts';
import { encodeModel, type ModelFile, parameterCount } from './model-files.ts';
import { announce } from './plan-training.ts';
import type { Ports } from './ports.ts';
import { closeTraining, insertModel, insertModelGarments, type Training } from './records.ts';
import { imagesAsFloats } from './training/batches.ts';
import { CALIBRATION_BATCH, compileJudge, compileRenderer } from './training/compiled.ts';
import type { Hyperparameters } from './training/hyperparameters.ts';
import { calibrationLatents, type SessionResult } from './training-session.ts';

export interface FinishInput {
  readonly training: Training;
  readonly modelId: string;
  readonly manifestHash: string;
  readonly hyperparameters: Hyperparameters;
  readonly loaded: GarmentImages;
  /** Rows of the loaded garments. */
  readonly split: { readonly train: readonly number[]; readonly heldOut: readonly number[] };
  readonly session: SessionResult;
}

/** @throws StaleAttemptError */
export async function finishModel(input: FinishInput, ports: Ports): Promise<void> {
  const { training, modelId, hyperparameters, loaded, split, session } = input;
  const { run } = training;
  const { position, best } = session;
  const file = await restingNetworks(input, ports);
  const weightsKey = `models/${modelId}/weights.safetensors`;
  const onnxKey = `models/${modelId}/generator.onnx`;
  await ports.objects.put(weightsKey, encodeModel(file), 'application/octet-stream');
  await ports.objects.put(onnxKey, exportGenerator(file, modelId), 'application/octet-stream');
  const now = ports.clock();
  const bestStep = position.best?.step ?? position.step;
  const reason = `trained ${position.step} steps on ${split.train.length} garments; step ${bestStep} is kept`;
  await ports.database.transaction('gan-trainer.finishModel', async (tx) => {
    const isNew = await insertModel(tx, {
      id: modelId,
      runId: run.id,
      season: training.season,
      sizePx: IMAGE_SIZE,
      latentSize: hyperparameters.latentSize,
      parameters: parameterCount(best),
      steps: position.step,
      bestStep,
      firstKid: position.firstDistance,
      bestKid: position.best?.distance ?? null,
      featureSpace: FEATURE_SPACE,
      manifestHash: input.manifestHash,
      hyperparameters,
      weightsKey,
      onnxKey,
      createdAt: now,
    });
    if (isNew) {
      const idsOf = (rows: readonly number[]) => rows.map((row) => loaded.garments[row]?.id ?? '');
      await insertModelGarments(tx, modelId, idsOf(split.train), false);
      await insertModelGarments(tx, modelId, idsOf(split.heldOut), true);
    }
    const outcome = 'trained';
    const ending = { state: 'done', outcome, modelId, reason, steps: position.step, now } as const;
    await closeTraining(tx, training, ending);
    await announce(ports.outbox, tx, { run, outcome, modelId, reason });
  });
}

/** Both networks of the best step with their statistics measured: what a design needs. */
async function restingNetworks(
  { hyperparameters, loaded, split, session }: FinishInput,
  { engine }: Ports,
): Promise<ModelFile> {
  const { averaged: generator, discriminator } = session.best;
  const renderer = await compileRenderer(hyperparameters, engine);
  const judge = await compileJudge(hyperparameters, engine);
  try {
    // Few garments: the same ones again, which leaves mean and variance as they are.
    const calibration = Array.from(
      { length: CALIBRATION_BATCH },
      (_, index) => split.train[index % split.train.length] ?? 0,
    );
    return {
      generator,
      generatorStatistics: await renderer.calibrate(generator, calibrationLatents(hyperparameters)),
      discriminator,
      discriminatorStatistics: await judge.calibrate(
        discriminator,
        imagesAsFloats(loaded.images, calibration),
      ),
      features: featuresOfSet(loaded.images, split.train),
      garmentIds: split.train.map((row) => loaded.garments[row]?.id ?? ''),
      latentSize: hyperparameters.latentSize,
      width: hyperparameters.width,
    };
  } finally {
    await renderer.dispose();
    await judge.dispose();
  }
}

/** The generator for use elsewhere: `latents` [N, nz] -> `images` [N, 64, 64, 3] in [-1, 1]. */
export function exportGenerator(file: ModelFile, modelId: string): Uint8Array {
  const params = {
    weights: file.generator,
    statistics: file.generatorStatistics,
  } as unknown as Tree<HostTensor>;
  const latents = { shape: [1, file.latentSize], dtype: 'float32' as const };
  return exportOnnx(
    (given, inputs) => {
      const { weights, statistics } = given as unknown as {
        weights: GeneratorParams;
        statistics: GeneratorStatistics;
      };
      return { images: render(weights, statistics, inputs.latents as tf.Tensor2D) };
    },
    {
      params,
      inputs: { latents },
      dynamicBatch: true,
      metadata: {
        model: modelId,
        decoder: TRAINER_VERSION,
        tensors: String(Object.keys(flattenTree<HostTensor>(params)).length),
      },
    },
  );
}
