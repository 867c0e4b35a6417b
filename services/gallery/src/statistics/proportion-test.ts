import { normalTwoSidedP } from './distributions.ts';
import { fisherExactP } from './fisher-exact.ts';
import type { Proportion } from './newcombe-interval.ts';

/** Below this expected count of a cell the normal approximation is not trusted (Cochran 1954). */
const MIN_EXPECTED = 5;

/**
 * Two-sided p-value of "both proportions are the same", in [0, 1]: the score test (pooled z; z² is Pearson's
 * chi-squared),
 *
 *     z = (p1 - p2) / √(p (1 - p) (1/n1 + 1/n2))      p: both together
 *
 * and Fisher's exact test where a cell of the 2 x 2 table expects fewer than 5. With effective sizes for n1 and n2 the
 * score test is that of Rao & Scott (1992, "A simple method for the analysis of clustered binary data"); Fisher's takes
 * them rounded down.
 */
export function proportionTestP(now: Proportion, before: Proportion): number {
  const n = now.n + before.n;
  if (now.n <= 0 || before.n <= 0) return 1;
  const pooled = (now.share * now.n + before.share * before.n) / n;
  if (pooled <= 0 || pooled >= 1) return 1;
  const leastExpected = Math.min(pooled, 1 - pooled) * Math.min(now.n, before.n);
  if (leastExpected < MIN_EXPECTED) return exactP(now, before);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / now.n + 1 / before.n));
  return normalTwoSidedP((now.share - before.share) / error);
}

function exactP(now: Proportion, before: Proportion): number {
  const sizeNow = Math.max(1, Math.floor(now.n + 1e-9));
  const sizeBefore = Math.max(1, Math.floor(before.n + 1e-9));
  const hitsNow = Math.round(now.share * sizeNow);
  const hitsBefore = Math.round(before.share * sizeBefore);
  return fisherExactP(hitsNow, sizeNow, hitsBefore, sizeBefore);
}
