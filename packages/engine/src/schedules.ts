/**
 * Learning rates as functions of the number of updates done, from 0. They are drawn on the host and enter a step with its
 * batch, as a scalar: `run({images, learningRate: Float32Array.of(rate(step))})`. So the step stays one graph, and a
 * resumed training has the rates of one that never stopped.
 */
export type Schedule = (step: number) => number;

export const constant =
  (rate: number): Schedule =>
  () =>
    rate;

/** `rate` times `factor` for each milestone reached. */
export function stepDecay(options: {
  readonly rate: number;
  readonly milestones: readonly number[];
  /** Default 0.1. */
  readonly factor?: number;
}): Schedule {
  const { rate, milestones, factor = 0.1 } = options;
  return (step) => rate * factor ** milestones.filter((milestone) => step >= milestone).length;
}

/** From `rate` to `end` (default 0) over `steps`, along half a cosine (Loshchilov and Hutter, 2017); then `end`. */
export function cosineDecay(options: {
  readonly rate: number;
  readonly steps: number;
  readonly end?: number;
}): Schedule {
  const { rate, steps, end = 0 } = options;
  return (step) => {
    const share = Math.min(step / steps, 1);
    return end + ((rate - end) * (1 + Math.cos(Math.PI * share))) / 2;
  };
}

/** From `rate` to `end` (default 0) over `steps`, along a line; then `end`. */
export function linearDecay(options: {
  readonly rate: number;
  readonly steps: number;
  readonly end?: number;
}): Schedule {
  const { rate, steps, end = 0 } = options;
  return (step) => rate + (end - rate) * Math.min(step / steps, 1);
}

/**
 * The first `steps` rates of a schedule, raised along a line from `from` (a share of them, default 0.001) to the whole, as
 * in Goyal et al., 2017. The schedule itself counts from the beginning.
 */
export function warmup(
  schedule: Schedule,
  options: { readonly steps: number; readonly from?: number },
): Schedule {
  const { steps, from = 0.001 } = options;
  return (step) =>
    step >= steps ? schedule(step) : schedule(step) * (from + ((1 - from) * step) / steps);
}
