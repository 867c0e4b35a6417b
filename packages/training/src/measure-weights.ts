import type { Callback } from './loop.ts';
import type { Progress } from './progress.ts';

/** What a training that is measured adds to its progress. The lower a distance, the better the weights. */
export interface MeasuredProgress extends Progress {
  /** Before the first step. */
  readonly firstDistance: number | null;
  readonly lastDistance: number | null;
  /** The measured step with the lowest distance of those that count. */
  readonly best: { readonly step: number; readonly distance: number } | null;
}

/** Fewest measurements of a training, however short. */
const MIN_MEASUREMENTS = 8;

/**
 * From here on a step may be the best one. A distance sees less than an eye: weights that are blurred or noisy, but right
 * on the whole, may come out ahead by chance as long as everything still moves.
 */
const BEST_FROM_SHARE = 1 / 2;

export interface MeasureOptions<P extends MeasuredProgress> {
  /** Measures the weights as they are after so many steps. */
  readonly measure: (step: number) => Promise<number>;
  /** Most steps between two measurements. */
  readonly everySteps: number;
  /** Steps in all; null as long as that is not known. */
  readonly stepsOf: (progress: P) => number | null;
  /** When the training is over: its last step is measured, and may be the best one even where it ended early. */
  readonly until: (progress: P) => boolean;
}

/** Measures before the first step, every so many steps and after the last, and remembers the best; each in a checkpoint. */
export function measureWeights<P extends MeasuredProgress>(
  options: MeasureOptions<P>,
): Callback<P, unknown> {
  const { measure, everySteps, stepsOf, until } = options;
  return {
    async atStart(progress) {
      if (progress.firstDistance !== null) return undefined;
      const distance = await measure(0);
      const measured = { ...progress, firstDistance: distance, lastDistance: distance };
      return { progress: measured, save: true };
    },
    async afterStep(progress) {
      const { step } = progress;
      const steps = stepsOf(progress);
      const isOver = until(progress);
      if (!isOver && (steps === null || step % measureInterval(everySteps, steps) !== 0)) {
        return undefined;
      }
      const distance = await measure(step);
      const counts = isOver || (steps !== null && step >= steps * BEST_FROM_SHARE);
      const isBest = counts && distance < (progress.best?.distance ?? Infinity);
      const best = isBest ? { step, distance } : progress.best;
      return { progress: { ...progress, lastDistance: distance, best }, save: true };
    },
  };
}

/** Steps between two measurements: so many, fewer in a short training. */
export function measureInterval(everySteps: number, steps: number): number {
  return Math.max(1, Math.min(everySteps, Math.ceil(steps / MIN_MEASUREMENTS)));
}
