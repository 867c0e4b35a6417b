import { studentQuantile95, studentTwoSidedP } from './distributions.ts';
import type { Interval } from './wilson-interval.ts';

/** A mean with its variance (that of the mean) and the degrees of freedom that the variance was estimated with. */
export interface Mean {
  readonly mean: number;
  readonly variance: number;
  readonly degrees: number;
}

/**
 * Difference `now` - `before` of two means with unequal variances (Welch 1947, "The generalization of 'Student's'
 * problem when several different population variances are involved"; degrees of freedom by Satterthwaite 1946):
 *
 *     t = d / √(V1 + V2),   df = (V1 + V2)² / (V1² / df1 + V2² / df2)
 *
 * @returns the 95 % interval of the difference, and the two-sided p-value of "no difference", in [0, 1]
 */
export function welchTest(now: Mean, before: Mean): { interval: Interval; p: number } {
  const change = now.mean - before.mean;
  const variance = now.variance + before.variance;
  if (variance <= 0) {
    // Two constants: the data hold no measure of chance.
    return { interval: { low: change, high: change }, p: 1 };
  }
  const df =
    variance ** 2 / (now.variance ** 2 / now.degrees + before.variance ** 2 / before.degrees);
  const error = Math.sqrt(variance);
  const half = studentQuantile95(df) * error;
  return {
    interval: { low: change - half, high: change + half },
    p: studentTwoSidedP(change / error, df),
  };
}
