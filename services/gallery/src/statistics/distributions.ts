import { logGamma, regularizedBeta, regularizedGammaQ } from './special-functions.ts';

/** 97.5 % quantile of the standard normal distribution: half-width of a 95 % interval in standard errors. */
export const Z_95 = 1.959963984540054;

const MAX_ROUNDS = 100;

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
  const logScale = logGamma((df + 1) / 2) - logGamma(df / 2) - 0.5 * Math.log(df * Math.PI);
  const slope = (t: number) => -2 * Math.exp(logScale - ((df + 1) / 2) * Math.log1p((t * t) / df));
  // Newton's method: p is convex for t > 0 and Z_95 lies left of the root, so the steps never pass it.
  let t = Z_95;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const step = (studentTwoSidedP(t, df) - 0.05) / slope(t);
    t -= step;
    if (Math.abs(step) < 1e-11 * t) break;
  }
  return t;
}
