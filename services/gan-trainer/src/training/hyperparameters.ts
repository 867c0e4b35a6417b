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
  /** How strongly colours are augmented, in [0, 1]. */
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
  // after 1,500, at the paper's after 2,000 and more. It falls to nothing in the second half (rateFactorAt).
  learningRate: 4e-4,
  // No label smoothing: augmentation already keeps the discriminator from being certain.
  realLabel: 1,
  // A half-life of 138 steps: long against the oscillation of the two networks, short against the training.
  averageDecay: 0.995,
  seed: 1,
} as const satisfies Partial<Hyperparameters>;

/** About a minute on two cores: enough for colours and the layout of a picture, on however few garments. */
const LEAST_STEPS = 300;
/** More than two cores do in the ten minutes of GAN_MAX_SECONDS; a run that has the time names its steps. */
const MOST_STEPS = 6_000;
/** At batch 32 each garment is seen 64 times; on 2,568 photographs silhouettes came after about 15. */
const STEPS_PER_GARMENT = 2;

/**
 * A training with fewer steps is a sprint: its discriminator, ahead from the start, would drag the colours of all images from
 * one extreme to the other, and has no time to learn the garments by heart, which augmenting colours is against. On 664
 * drawn garments of two seeds and 600 steps the KID came to 0.25 and 0.23 of what it was at first; with half the rate instead
 * of a quarter to 0.29 and 0.59, and with neither of the two it hardly fell.
 */
const SPRINT_STEPS = 1_000;
const SPRINT = { discriminatorRate: 0.25, colorAugmentation: 0 } as const;
const MARATHON = { discriminatorRate: 1, colorAugmentation: 1 } as const;

/** Steps where the run names none. */
export function defaultSteps(garments: number): number {
  return Math.min(MOST_STEPS, Math.max(LEAST_STEPS, garments * STEPS_PER_GARMENT));
}

export function hyperparametersFor(
  garments: number,
  settings: Pick<Hyperparameters, 'width' | 'batchSize' | 'maxSeconds' | 'heldOut'>,
  steps: number | null,
): Hyperparameters {
  const wanted = steps ?? defaultSteps(garments);
  return {
    ...HYPERPARAMETERS,
    ...(wanted < SPRINT_STEPS ? SPRINT : MARATHON),
    width: settings.width,
    batchSize: settings.batchSize,
    maxSeconds: settings.maxSeconds,
    heldOut: settings.heldOut,
    steps: wanted,
  };
}

/** Before this step the generator makes no garments yet: nothing to average. */
const AVERAGE_FROM = 100;

/**
 * Share of the averaged weights that stays at step `step` (from 0): at first none, then so much that the average is over
 * about the last third of the steps since, until `averageDecay` is reached. Long early: colours swing within some fifty
 * steps, and an average that follows them swings along.
 */
export function averageDecayAt(step: number, { averageDecay }: Hyperparameters): number {
  const since = step - AVERAGE_FROM;
  return since < 0 ? 0 : Math.min(averageDecay, (1 + since) / (4 + since));
}

/** Factor of the learning rate: 1 for the first half of the steps, then falling to 0, so that the weights settle. */
export function rateFactorAt(step: number, steps: number | null): number {
  return steps === null ? 1 : Math.min(1, 2 * (1 - step / steps));
}
