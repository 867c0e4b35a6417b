import { logGamma } from './special-functions.ts';

/** Tables count as equally probable up to this relative difference, which rounding may cause. */
const TIE = 1e-7;

/**
 * Two-sided p-value of Fisher's exact test (Fisher 1935; two-sided by the sum of all tables that are no more probable
 * than the one seen), in [0, 1].
 *
 * @param hitsNow of `sizeNow`
 * @param hitsBefore of `sizeBefore`; all four whole numbers
 */
export function fisherExactP(
  hitsNow: number,
  sizeNow: number,
  hitsBefore: number,
  sizeBefore: number,
): number {
  const hits = hitsNow + hitsBefore;
  const logProbability = (a: number): number =>
    logChoose(sizeNow, a) + logChoose(sizeBefore, hits - a) - logChoose(sizeNow + sizeBefore, hits);
  const seen = logProbability(hitsNow);
  const first = Math.max(0, hits - sizeBefore);
  const last = Math.min(hits, sizeNow);
  let p = 0;
  for (let a = first; a <= last; a += 1) {
    const logP = logProbability(a);
    if (logP <= seen + TIE) p += Math.exp(logP);
  }
  return Math.min(1, p);
}

function logChoose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}
