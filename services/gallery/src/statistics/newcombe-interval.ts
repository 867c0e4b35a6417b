import { type Interval, wilsonInterval } from './wilson-interval.ts';

/** A share and the (effective) number of garments that it rests on. */
export interface Proportion {
  readonly share: number;
  readonly n: number;
}

/**
 * Interval of the difference `now` - `before` of two independent proportions (Newcombe 1998, "Interval estimation for
 * the difference between independent proportions: comparison of eleven methods", method 10, from the Wilson intervals
 * [l, u] of each):
 *
 *     d - √((p1 - l1)² + (u2 - p2)²)  to  d + √((u1 - p1)² + (p2 - l2)²)
 *
 * Inside [-1, 1].
 */
export function newcombeInterval(now: Proportion, before: Proportion): Interval {
  const nowInterval = wilsonInterval(now.share, now.n);
  const beforeInterval = wilsonInterval(before.share, before.n);
  const change = now.share - before.share;
  return {
    low: change - Math.hypot(now.share - nowInterval.low, beforeInterval.high - before.share),
    high: change + Math.hypot(nowInterval.high - now.share, before.share - beforeInterval.low),
  };
}
