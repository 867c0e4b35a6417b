/** One training step, pure: state and batch in, state and losses out. Randomness comes in with the batch. */
import {
  adam,
  createRandom,
  type HostTensor,
  movingAverage,
  type Tree,
  tf,
  valueAndGradients,
} from '@deepstyle/engine';
import { type Augmentation, augment } from '../model/augmentation.ts';
import { type DiscriminatorParams, discriminateInTraining } from '../model/discriminator.ts';
import { type GeneratorParams, generateInTraining, IMAGE_SIZE } from '../model/generator.ts';
import {
  type DiscriminatorWeights,
  type GeneratorWeights,
  initialDiscriminator,
  initialGenerator,
} from '../model/initialization.ts';
import { discriminatorLoss, generatorLoss } from '../model/losses.ts';
import type { Hyperparameters } from './hyperparameters.ts';

type Tensors = Tree<tf.Tensor>;

/** What is reported of a step. */
export const LOSSES = ['discriminatorLoss', 'generatorLoss'] as const;
export type Losses = Readonly<Record<(typeof LOSSES)[number], number>>;

/** All that a step changes; a checkpoint holds exactly this. */
export interface TrainingState {
  readonly generator: GeneratorWeights;
  readonly discriminator: DiscriminatorWeights;
  /** Exponential moving average of the generator's weights: what is measured and kept. */
  readonly averaged: GeneratorWeights;
  readonly generatorSlots: Tree<HostTensor>;
  readonly discriminatorSlots: Tree<HostTensor>;
}

function optimizer({ learningRate, beta1, beta2 }: Hyperparameters, rate: tf.Scalar | number) {
  return adam({
    learningRate: typeof rate === 'number' ? learningRate * rate : tf.mul(rate, learningRate),
    beta1,
    beta2,
  });
}

export function initialState(hyperparameters: Hyperparameters): TrainingState {
  const { latentSize, width, seed } = hyperparameters;
  const random = createRandom(`${seed}:weights`);
  const generator = initialGenerator(random, latentSize, width);
  const discriminator = initialDiscriminator(random, width);
  const { init } = optimizer(hyperparameters, 1);
  return {
    generator,
    discriminator,
    averaged: generator,
    generatorSlots: init(generator),
    discriminatorSlots: init(discriminator),
  };
}

/**
 * Shapes of a batch for the compiler; see batches.ts for their meaning. `rate` is the factor of the learning rate, `keep`
 * the share of the averaged generator that stays.
 */
export function batchSpec({ batchSize, latentSize }: Hyperparameters) {
  const float32 = (shape: readonly number[]) => ({ shape, dtype: 'float32' as const });
  return {
    real: float32([batchSize, IMAGE_SIZE, IMAGE_SIZE, 3]),
    latents: float32([batchSize, latentSize]),
    onReal: augmentationSpec(batchSize),
    onFake: augmentationSpec(batchSize),
    rate: float32([]),
    keep: float32([]),
  };
}

function augmentationSpec(batchSize: number) {
  const perImage = { shape: [batchSize], dtype: 'float32' as const };
  return {
    shiftX: perImage,
    shiftY: perImage,
    brightness: perImage,
    saturation: perImage,
    contrast: perImage,
  };
}

interface StateTensors {
  readonly generator: GeneratorParams & Tensors;
  readonly discriminator: DiscriminatorParams & Tensors;
  readonly averaged: Tensors;
  readonly generatorSlots: Tensors;
  readonly discriminatorSlots: Tensors;
}

interface BatchTensors {
  readonly real: tf.Tensor;
  readonly latents: tf.Tensor;
  readonly onReal: Augmentation;
  readonly onFake: Augmentation;
  readonly rate: tf.Scalar;
  readonly keep: tf.Scalar;
}

/**
 * First the discriminator, on a real batch and a generated one, each with its own statistics; then the generator against
 * the new discriminator, on the same latents.
 */
export function createStep(hyperparameters: Hyperparameters) {
  return (stateTree: Tensors, batchTree: Tensors) => {
    const state = stateTree as unknown as StateTensors;
    const batch = batchTree as unknown as BatchTensors;
    const { learningRate, discriminatorRate } = hyperparameters;
    const { rate } = batch;
    const forGenerator = optimizer(hyperparameters, rate);
    const forDiscriminator = optimizer(
      { ...hyperparameters, learningRate: learningRate * discriminatorRate },
      rate,
    );
    const real = augment(batch.real as tf.Tensor4D, batch.onReal); // [N, 64, 64, 3]
    const latents = batch.latents as tf.Tensor2D; // [N, nz]
    // Outside of the gradient: the discriminator's loss does not reach the generator.
    const fake = augment(generateInTraining(state.generator, latents).images, batch.onFake); // [N, 64, 64, 3]
    const discriminator = valueAndGradients(
      (params) =>
        discriminatorLoss(
          discriminateInTraining(params, real).logits,
          discriminateInTraining(params, fake).logits,
          hyperparameters.realLabel,
        ),
      state.discriminator,
    );
    const nextDiscriminator = forDiscriminator.update(
      discriminator.gradients,
      state.discriminatorSlots,
      state.discriminator,
    );
    const generator = valueAndGradients(
      (params) =>
        generatorLoss(
          discriminateInTraining(
            nextDiscriminator.params,
            augment(generateInTraining(params, latents).images, batch.onFake),
          ).logits,
        ),
      state.generator,
    );
    const nextGenerator = forGenerator.update(
      generator.gradients,
      state.generatorSlots,
      state.generator,
    );
    return {
      state: {
        generator: nextGenerator.params as Tensors,
        discriminator: nextDiscriminator.params as Tensors,
        averaged: movingAverage(state.averaged, nextGenerator.params, batch.keep),
        generatorSlots: nextGenerator.slots,
        discriminatorSlots: nextDiscriminator.slots,
      },
      outputs: { discriminatorLoss: discriminator.value, generatorLoss: generator.value },
    };
  };
}
