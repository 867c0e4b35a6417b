import { type Callback, secondsNow } from './loop.ts';
import type { Progress, Report } from './progress.ts';

export type LossValues = Readonly<Record<string, number>>;

/** Means of the losses since they were last taken. @param now seconds, from any origin */
export function createLossWindow<Losses extends LossValues>(now: () => number) {
  let since = now();
  let count = 0;
  let stepSeconds = 0;
  let sums: Record<string, number> = {};
  return {
    isEmpty: () => count === 0,
    /** @param seconds that the step took */
    add(losses: Losses, seconds: number): void {
      count += 1;
      stepSeconds += seconds;
      for (const [name, value] of Object.entries(losses)) sums[name] = (sums[name] ?? 0) + value;
    },
    /** Seconds since the last taking, whatever was done in them. */
    seconds: () => now() - since,
    take(): Pick<Report<Losses>, 'losses' | 'stepsPerSecond'> {
      const means = Object.entries(sums).map(([name, sum]) => [name, sum / count]);
      const stepsPerSecond = count / Math.max(stepSeconds, 1e-9);
      since = now();
      count = 0;
      stepSeconds = 0;
      sums = {};
      return { losses: Object.fromEntries(means) as Losses, stepsPerSecond };
    },
  };
}

export interface LossCurveOptions<P extends Progress, Losses extends LossValues> {
  /** Default 1. */
  readonly everySeconds?: number;
  /** Steps in all, as far as that is known. */
  readonly stepsOf: (progress: P) => number;
  /** Takes a point of the curve. */
  readonly report: (report: Report<Losses>, progress: P) => Promise<void>;
  /** Seconds, from any origin. */
  readonly now?: () => number;
}

/** Reports a point every so many seconds, and what is left of the last ones at the end. */
export function lossCurve<P extends Progress, Losses extends LossValues>(
  options: LossCurveOptions<P, Losses>,
): Callback<P, Losses> {
  const { everySeconds = 1, stepsOf, report, now = secondsNow } = options;
  const window = createLossWindow<Losses>(now);
  const take = (progress: P) =>
    report({ step: progress.step, steps: stepsOf(progress), ...window.take() }, progress);
  return {
    async afterStep(progress, { losses, seconds }) {
      window.add(losses, seconds);
      if (window.seconds() >= everySeconds) await take(progress);
      return undefined;
    },
    async atEnd(progress) {
      if (!window.isEmpty()) await take(progress);
    },
  };
}
