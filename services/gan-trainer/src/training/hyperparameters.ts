/** Everything that decides over the weights, besides the garments. Part of a model's identity. */
export interface Hyperparameters {
  /** Length of the latent. */
  readonly latentSize: number;
  /** ngf = ndf: channels of the layers next to the image. */
  readonly width: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly realLabel: number;
  /** Share of the averaged generator that stays at each step, once it is warm. */
  readonly averageDecay: number;
  /** Steps wanted. */
  readonly steps: number;
  /** Seconds after which a training ends with fewer steps. */
  readonly maxSeconds: number;
  readonly seed: number;
}

/** What no setting changes. */
export const HYPERPARAMETERS = {
  // The paper's; a longer one did not help at this size.
  latentSize: 100,
  // The paper's: with 0.9 the two networks overshoot each other.
  beta1: 0.5,
  beta2: 0.999,
  // The paper's.
  learningRate: 2e-4,
  // No smoothing: it blurred the samples.
  realLabel: 1,
  // A half-life of 138 steps: long against the oscillation of the two networks, short against the training.
  averageDecay: 0.995,
  seed: 1,
} as const satisfies Partial<Hyperparameters>;

/** Fewer steps do not reach garment shapes even on a handful of pictures. */
const LEAST_STEPS = 300;
/** More did not lower the distance on a few thousand photographs. */
const MOST_STEPS = 6_000;
/** Steps a garment: at batch 32 each is seen 64 times. */
const STEPS_PER_GARMENT = 2;

/** Steps where the run names none. */
export function defaultSteps(garments: number): number {
  return Math.min(MOST_STEPS, Math.max(LEAST_STEPS, garments * STEPS_PER_GARMENT));
}

export function hyperparametersFor(
  garments: number,
  settings: { readonly width: number; readonly batchSize: number; readonly maxSeconds: number },
  steps: number | null,
): Hyperparameters {
  return {
    ...HYPERPARAMETERS,
    width: settings.width,
    batchSize: settings.batchSize,
    maxSeconds: settings.maxSeconds,
    steps: steps ?? defaultSteps(garments),
  };
}

/**
 * Share of the averaged weights that stays at step `step` (from 0). Small at first: otherwise the untrained weights would
 * shine through for hundreds of steps.
 */
export function averageDecayAt(step: number, { averageDecay }: Hyperparameters): number {
  return Math.min(averageDecay, (1 + step) / (10 + step));
}

/** Factor of the learning rate: 1 for the first half of the steps, then falling to 0, so that the weights settle. */
export function rateFactorAt(step: number, steps: number | null): number {
  return steps === null ? 1 : Math.min(1, 2 * (1 - step / steps));
}
