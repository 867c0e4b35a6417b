import { Z_95 } from './distributions.ts';

/** A 95 % confidence interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Score interval of a proportion (Wilson 1927, "Probable inference, the law of succession, and statistical
 * inference"; recommended by Brown, Cai & DasGupta 2001):
 *
 *     (p + z²/2n ± z √(p (1 - p) / n + z²/4n²)) / (1 + z²/n)
 *
 * It stays inside [0, 1] and has a width also at 0 and 1. With an effective size for `n` it is the best of those that
 * Franco, Little, Louis & Slud (2019, "Comparative study of confidence intervals for proportions in complex sample
 * surveys") compare.
 *
 * @param share in [0, 1]
 * @param n (effective) number of garments; 0: nothing is known, [0, 1]
 */
export function wilsonInterval(share: number, n: number): Interval {
  if (n <= 0) return { low: 0, high: 1 };
  const z2 = Z_95 ** 2;
  const middle = share + z2 / (2 * n);
  const half = Z_95 * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n));
  const scale = 1 + z2 / n;
  return {
    low: share === 0 ? 0 : Math.max(0, (middle - half) / scale),
    high: share === 1 ? 1 : Math.min(1, (middle + half) / scale),
  };
}
