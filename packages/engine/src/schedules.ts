/**
 * Learning rates, drawn on the host: they enter a step with its batch, as a scalar, so that the step stays one graph and a
 * resumed training has the rates of one that never stopped. A rate is the largest rate times `warmUp` times a decay.
 */

/** Factor of the learning rate in [0, 1], from the part of the training that is done, in [0, 1]. */
export type Decay = (progress: number) => number;

export const constant: Decay = () => 1;

/** Falls by `factor` at each milestone, itself a progress. */
export function stepDecay(milestones: readonly number[], factor = 0.1): Decay {
  return (progress) => factor ** milestones.filter((milestone) => progress >= milestone).length;
}

/** Half a cosine, from 1 to 0 (Loshchilov and Hutter, 2017). */
export const cosineDecay: Decay = (progress) => 0.5 * (1 + Math.cos(Math.PI * progress));

/** 1 until `from`, then along a line to 0. */
export function linearDecay(from = 0): Decay {
  return (progress) => Math.min(1, (1 - progress) / (1 - from));
}

/** Factor of the learning rate of step `step` (from 0): rises in `steps` equal parts to 1 (Goyal et al., 2017). */
export const warmUp = (step: number, steps: number): number =>
  Math.min(1, (step + 1) / Math.max(1, steps));

/**
 * The share of a moving average that step `step` (from 0) keeps: none before `from`, when there is nothing yet to average;
 * then so much that the average is over about the last third of the steps since, until `decay` is reached.
 */
export function averageDecayAt(step: number, decay: number, from = 0): number {
  const since = step - from;
  return since < 0 ? 0 : Math.min(decay, (1 + since) / (4 + since));
}

/** The line from a step to its progress. A checkpoint holds it, so that a resumed training has the same. */
export interface Course {
  /** Steps in all. */
  readonly steps: number;
  /** Where the line begins, and the progress in [0, 1) by then. */
  readonly fromStep: number;
  readonly fromProgress: number;
}

export const wholeCourse = (steps: number): Course => ({ steps, fromStep: 0, fromProgress: 0 });

/** The part of the training that is done before step `step` (from 0). */
export function progressAt({ steps, fromStep, fromProgress }: Course, step: number): number {
  const part = (step - fromStep) / Math.max(1, steps - fromStep);
  return Math.min(1, fromProgress + (1 - fromProgress) * part);
}

/** The course that goes on from `step` without a jump and ends after `steps` steps: the machine is slower than planned. */
export const refitted = (course: Course, step: number, steps: number): Course => ({
  steps,
  fromStep: step,
  fromProgress: progressAt(course, step),
});
