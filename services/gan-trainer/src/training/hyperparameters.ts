import { schedules } from '@deepstyle/engine';

/** Everything that decides over the weights, besides the garments. Part of a model's identity. */
export interface Hyperparameters {
  /** Length of the latent. */
  readonly latentSize: number;
  /** ngf = ndf: channels of the layers next to the image. */
  readonly width: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** The discriminator's learning rate as a part of `learningRate`. */
  readonly discriminatorRate: number;
  /** How strongly colors are augmented, in [0, 1]. */
  readonly colorAugmentation: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly realLabel: number;
  /** Share of the averaged generator that stays at each step, once it is warm. */
  readonly averageDecay: number;
  /** Steps wanted. */
  readonly steps: number;
  /** Seconds after which a training ends with fewer steps. */
  readonly maxSeconds: number;
  /** Garments held out to measure the model; 0: by their number. */
  readonly heldOut: number;
  readonly seed: number;
}

/** What no setting changes. */
const HYPERPARAMETERS = {
  // The paper's.
  latentSize: 100,
  // The paper's: with 0.9 the two networks overshoot each other.
  beta1: 0.5,
  beta2: 0.999,
  // Twice the paper's: a training has a few thousand steps, and at this rate trousers, shirts and dresses stand apart
  // after 1,500, at the paper's after 2,000 and more. It falls to nothing in the second half (scalarsAt).
  learningRate: 4e-4,
  // No label smoothing: augmentation already keeps the discriminator from being certain.
  realLabel: 1,
  // A half-life of 138 steps: long against the oscillation of the two networks, short against the training.
  averageDecay: 0.995,
  seed: 1,
} as const satisfies Partial<Hyperparameters>;

/** About a minute on two cores: enough for colors and the layout of a picture, on however few garments. */
const MIN_STEPS = 300;
/** More than two cores do in the ten minutes of GAN_MAX_SECONDS; a run that has the time names its steps. */
const MAX_STEPS = 6_000;
/** At batch 32 each garment is seen 64 times; on 2,568 photographs silhouettes came after about 15. */
const STEPS_PER_GARMENT = 2;

/**
 * In a training with fewer steps the discriminator, ahead from the start, would drag the colors of all images from one
 * extreme to the other, and has no time to learn the garments by heart, which augmenting colors is against. On 664 drawn
 * garments of two seeds and 600 steps the KID came to 0.25 and 0.23 of what it was at first; with half the rate instead of
 * a quarter to 0.29 and 0.59, and with neither of the two it hardly fell.
 */
const SHORT_STEPS = 1_000;
const IN_SHORT_TRAININGS = { discriminatorRate: 0.25, colorAugmentation: 0 } as const;
const IN_LONG_TRAININGS = { discriminatorRate: 1, colorAugmentation: 1 } as const;

/** Steps where the run names none. */
export function defaultSteps(garments: number): number {
  return Math.min(MAX_STEPS, Math.max(MIN_STEPS, garments * STEPS_PER_GARMENT));
}

export function hyperparametersFor(
  garments: number,
  settings: Pick<Hyperparameters, 'width' | 'batchSize' | 'maxSeconds' | 'heldOut'>,
  steps: number | null,
): Hyperparameters {
  const wanted = steps ?? defaultSteps(garments);
  return {
    ...HYPERPARAMETERS,
    ...(wanted < SHORT_STEPS ? IN_SHORT_TRAININGS : IN_LONG_TRAININGS),
    width: settings.width,
    batchSize: settings.batchSize,
    maxSeconds: settings.maxSeconds,
    heldOut: settings.heldOut,
    steps: wanted,
  };
}

/** Before this step the generator makes no garments yet: nothing to average. */
const AVERAGE_FROM = 100;

/** The rate is whole for the first half of the steps, then falls to 0, so that the weights settle. */
const rateAt = schedules.linearDecay(1 / 2);

/**
 * What enters a step (from 0) beside its batch: the factor of the learning rate, and the share of the averaged generator
 * that stays. The average is long early, too: colors swing within some fifty steps, and a short one would swing along.
 *
 * @param steps in all; null as long as that is not known
 */
export function scalarsAt(
  step: number,
  steps: number | null,
  { averageDecay }: Hyperparameters,
): { readonly rate: number; readonly keep: number } {
  return {
    rate: steps === null ? 1 : rateAt(schedules.progressAt(schedules.wholeCourse(steps), step)),
    keep: schedules.averageDecayAt(step, averageDecay, AVERAGE_FROM),
  };
}
