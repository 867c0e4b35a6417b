/** How far a training is: what its checkpoint says besides the weights. Each kind of training adds fields of its own. */
export interface Progress {
  /** Steps done. */
  readonly step: number;
  /** Seconds spent on them, over all attempts. */
  readonly seconds: number;
}

/** What a training says of itself now and then. */
export interface Report<Losses> {
  readonly step: number;
  /** Steps in all, as far as that is known. */
  readonly steps: number;
  /** Means since the last report. */
  readonly losses: Losses;
  readonly stepsPerSecond: number;
}

/** A training in one line for people: 'step 400 of 2400, loss 0.91, 6.3 steps/s, 6 min left'. */
export function describeProgress(
  { step, steps, stepsPerSecond }: Omit<Report<unknown>, 'losses'>,
  details: readonly string[],
): string {
  const secondsLeft = (steps - step) / Math.max(stepsPerSecond, 1e-9);
  return [
    `step ${step} of ${steps}`,
    ...details,
    `${stepsPerSecond.toFixed(1)} steps/s`,
    `${roughTime(secondsLeft)} left`,
  ].join(', ');
}

/** 42 s, 7 min, 3 h. */
function roughTime(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.ceil(seconds / 60)} min`;
  return `${Math.ceil(seconds / 3600)} h`;
}
