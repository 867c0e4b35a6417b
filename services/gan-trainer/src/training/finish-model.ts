/** Turns the best step of a training into a model: files first, then one transaction. */
import { exportOnnx, flattenTree, type HostTensor, type Tree, type tf } from '@deepstyle/engine';
import type { Transaction } from '@deepstyle/storage';
import { countParameters, engineOptions } from '@deepstyle/training';
import { FEATURE_SPACE, featuresOfSet } from '../distance.ts';
import { TRAINER_VERSION } from '../manifest.ts';
import { CALIBRATION_BATCH, compileDiscriminator, compileGenerator } from '../model/evaluation.ts';
import {
  type GeneratorParams,
  type GeneratorStatistics,
  generateInEvaluation,
  IMAGE_SIZE,
} from '../model/generator.ts';
import { encodeModel, type ModelFile } from '../model-file.ts';
import type { Ports } from '../ports.ts';
import { insertModel, insertModelGarments, type Training } from '../records.ts';
import { imagesAsFloats } from './batches.ts';
import { endTraining } from './end-training.ts';
import type { GarmentImages } from './garment-images.ts';
import type { Hyperparameters } from './hyperparameters.ts';
import { calibrationLatents } from './sampler.ts';
import type { Trained } from './train-networks.ts';

export interface FinishInput {
  readonly training: Training;
  readonly modelId: string;
  readonly manifestHash: string;
  readonly hyperparameters: Hyperparameters;
  readonly loaded: GarmentImages;
  /** Rows of the loaded garments. */
  readonly split: { readonly train: readonly number[]; readonly heldOut: readonly number[] };
  readonly trained: Trained;
}

/** @throws StaleAttemptError */
export async function finishModel(ports: Ports, input: FinishInput): Promise<void> {
  const { modelId, trained } = input;
  const file = await networksInEvaluation(ports, input);
  const { weightsKey, onnxKey } = keysOf(modelId);
  await trained.session.finish({
    files: { [weightsKey]: encodeModel(file), [onnxKey]: exportGenerator(file, modelId) },
    record: (tx) => recordModel(ports, tx, input),
  });
}

function keysOf(modelId: string) {
  const folder = `models/${modelId}`;
  return { weightsKey: `${folder}/weights.safetensors`, onnxKey: `${folder}/generator.onnx` };
}

async function recordModel(
  ports: Ports,
  tx: Transaction,
  { training, modelId, manifestHash, hyperparameters, loaded, split, trained }: FinishInput,
): Promise<void> {
  const { progress, state } = trained;
  const steps = progress.step;
  const bestStep = progress.best?.step ?? steps;
  const isNew = await insertModel(tx, {
    id: modelId,
    runId: training.run.id,
    season: training.season,
    sizePx: IMAGE_SIZE,
    latentSize: hyperparameters.latentSize,
    parameters: countParameters({
      generator: state.generator,
      discriminator: state.discriminator,
    }),
    steps,
    bestStep,
    firstKid: progress.firstDistance,
    bestKid: progress.best?.distance ?? null,
    featureSpace: FEATURE_SPACE,
    manifestHash,
    hyperparameters,
    garmentCount: split.train.length,
    ...keysOf(modelId),
    createdAt: ports.clock(),
  });
  if (isNew) {
    const idsOf = (rows: readonly number[]) => rows.map((row) => loaded.garments[row]?.id ?? '');
    await insertModelGarments(tx, modelId, idsOf(split.train), false);
    await insertModelGarments(tx, modelId, idsOf(split.heldOut), true);
  }
  const reason = `trained ${steps} steps on ${split.train.length} garments; step ${bestStep} is kept`;
  const end = { state: 'done', outcome: 'trained', modelId, reason, steps } as const;
  await endTraining(ports, tx, training, end);
}

/** Both networks of the best step with their statistics measured: what a design needs. */
async function networksInEvaluation(
  { settings }: Pick<Ports, 'settings'>,
  { hyperparameters, loaded, split, trained }: FinishInput,
): Promise<ModelFile> {
  const engine = engineOptions(settings);
  const { averaged: generator, discriminator } = trained.state;
  const forGenerator = await compileGenerator(hyperparameters, engine);
  const forDiscriminator = await compileDiscriminator(hyperparameters, engine);
  try {
    // Few garments: the same ones again, which leaves mean and variance as they are.
    const calibration = Array.from(
      { length: CALIBRATION_BATCH },
      (_, index) => split.train[index % split.train.length] ?? 0,
    );
    return {
      generator,
      generatorStatistics: await forGenerator.calibrate(
        generator,
        calibrationLatents(hyperparameters),
      ),
      discriminator,
      discriminatorStatistics: await forDiscriminator.calibrate(
        discriminator,
        imagesAsFloats(loaded.images, calibration),
      ),
      features: featuresOfSet(loaded.images, split.train),
      garmentIds: split.train.map((row) => loaded.garments[row]?.id ?? ''),
      latentSize: hyperparameters.latentSize,
      width: hyperparameters.width,
    };
  } finally {
    await forGenerator.dispose();
    await forDiscriminator.dispose();
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
      return { images: generateInEvaluation(weights, statistics, inputs.latents as tf.Tensor2D) };
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
