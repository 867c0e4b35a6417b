/**
 * The learning rate: a linear rise, then half a cosine down to 0 (Loshchilov and Hutter, 2017); most of what a short
 * training reaches it reaches in the last third, when the rate falls. Pure.
 */

/** How many steps there are, and how far along the cosine. Checkpoints hold it, so that a resumed training has the same. */
export interface Schedule {
  /** Steps in all. */
  readonly steps: number;
  /** Where it begins to hold, and the part of the cosine in [0, 1) that was done by then. */
  readonly fromStep: number;
  readonly fromProgress: number;
}

export interface Rates {
  /** The largest. */
  readonly learningRate: number;
  /** Steps in which it rises. */
  readonly warmUpSteps: number;
}

export const wholeSchedule = (steps: number): Schedule => ({ steps, fromStep: 0, fromProgress: 0 });

/** The part of the cosine that is done before step number `step`, from 0. */
export function progressAt({ steps, fromStep, fromProgress }: Schedule, step: number): number {
  const part = (step - fromStep) / Math.max(1, steps - fromStep);
  return Math.min(1, fromProgress + (1 - fromProgress) * part);
}

/** @param step from 0 */
export function learningRateAt(
  step: number,
  schedule: Schedule,
  { learningRate, warmUpSteps }: Rates,
): number {
  const risen = Math.min(1, (step + 1) / Math.max(1, warmUpSteps));
  return learningRate * risen * 0.5 * (1 + Math.cos(Math.PI * progressAt(schedule, step)));
}

/** The schedule that goes on from `step` without a jump and ends after `steps` steps. */
export function refitted(schedule: Schedule, step: number, steps: number): Schedule {
  return { steps, fromStep: step, fromProgress: progressAt(schedule, step) };
}
