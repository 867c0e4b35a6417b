import type { ClusteredShare } from './clustered-share.ts';
import { holmAdjust } from './holm-correction.ts';
import { newcombeInterval } from './newcombe-interval.ts';
import { proportionTestP } from './proportion-test.ts';
import { welchTest } from './welch-test.ts';
import type { Interval } from './wilson-interval.ts';

export type Direction = 'RISING' | 'FALLING' | 'UNCHANGED';

/** Change of a share against the season before. */
export interface Momentum {
  /** `now` - `before`, in [-1, 1]. */
  readonly change: number;
  /** 95 % interval of the change, of this comparison alone. */
  readonly interval: Interval;
  /** p-value after Holm's correction over all comparisons of the batch, in [0, 1]. */
  readonly adjustedP: number;
  /** RISING or FALLING only where `adjustedP` is below 0.05. */
  readonly direction: Direction;
}

/** A share in both seasons. A category is had or not by each garment; a color is a part of each garment. */
export interface Comparison {
  readonly kind: 'category' | 'color';
  readonly now: ClusteredShare;
  readonly before: ClusteredShare;
}

const ALPHA = 0.05;

/**
 * The momentum of each comparison, in order: categories by Newcombe's interval and the score test on effective sizes,
 * colors (means of parts) by Welch's on design-based variances; p-values corrected over all of them together.
 */
export function momentumOf(comparisons: readonly Comparison[]): Momentum[] {
  const single = comparisons.map(({ kind, now, before }) =>
    kind === 'category' ? compareProportions(now, before) : compareMeans(now, before),
  );
  const adjusted = holmAdjust(single.map(({ p }) => p));
  return comparisons.map(({ now, before }, index) => {
    const change = now.share - before.share;
    const adjustedP = adjusted[index] ?? 1;
    const interval = single[index]?.interval ?? { low: -1, high: 1 };
    return { change, interval, adjustedP, direction: directionOf(change, adjustedP) };
  });
}

function directionOf(change: number, adjustedP: number): Direction {
  if (adjustedP >= ALPHA || change === 0) return 'UNCHANGED';
  return change > 0 ? 'RISING' : 'FALLING';
}

function compareProportions(now: ClusteredShare, before: ClusteredShare) {
  const proportion = ({ share, effectiveGarments }: ClusteredShare) => {
    return { share, n: effectiveGarments };
  };
  const [one, other] = [proportion(now), proportion(before)];
  return { interval: newcombeInterval(one, other), p: proportionTestP(one, other) };
}

function compareMeans(now: ClusteredShare, before: ClusteredShare) {
  const mean = ({ share, variance, photos }: ClusteredShare) => {
    return { mean: share, variance, degrees: photos - 1 };
  };
  const { interval, p } = welchTest(mean(now), mean(before));
  // A mean of parts cannot change by more than 1.
  return { interval: { low: Math.max(-1, interval.low), high: Math.min(1, interval.high) }, p };
}
