import { regularizedBeta, regularizedGammaQ } from './special-functions.ts';

/** 97.5 % quantile of the standard normal distribution: half-width of a 95 % interval in standard errors. */
export const Z_95 = 1.959963984540054;

/** P(|Z| >= |z|) of a standard normal Z, in [0, 1]: erfc(|z| / √2) = Q(1/2, z² / 2). */
export function normalTwoSidedP(z: number): number {
  return regularizedGammaQ(0.5, (z * z) / 2);
}

/** P(|T| >= |t|) of Student's t with `df` > 0 degrees of freedom (need not be whole), in [0, 1]. */
export function studentTwoSidedP(t: number, df: number): number {
  return regularizedBeta(df / (df + t * t), df / 2, 0.5);
}

/** The t with P(|T| >= t) = 0.05: half-width of a 95 % interval in standard errors; `df` > 0, Infinity allowed. */
export function studentQuantile95(df: number): number {
  // Beyond this the two quantiles differ by less than 1e-6.
  if (df > 2e6) return Z_95;
  let low = 0;
  let high = 2;
  while (studentTwoSidedP(high, df) > 0.05) high *= 2;
  // Bisection, as p falls monotonically in t.
  while (high - low > 1e-11 * high) {
    const middle = (low + high) / 2;
    if (studentTwoSidedP(middle, df) > 0.05) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
