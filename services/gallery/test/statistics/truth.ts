import { readFileSync } from 'node:fs';

type Pair = readonly [number, number];

/** Values of scipy and statsmodels; `test/fixtures/statistics.py` makes them. */
export interface Truth {
  readonly wilson: readonly { hits: number; n: number; interval: Pair }[];
  readonly twoProportions: readonly {
    now: Pair;
    before: Pair;
    interval: Pair;
    scoreP: number;
    fisherP: number;
  }[];
  readonly fisher: readonly { now: Pair; before: Pair; p: number }[];
  readonly distributions: {
    readonly normal: readonly { z: number; p: number }[];
    readonly student: readonly { t: number; df: number; p: number }[];
    readonly quantile: readonly { df: number; t: number }[];
  };
  readonly welch: readonly { now: number[]; before: number[]; p: number; interval: Pair }[];
  readonly clustered: readonly {
    photoOf: number[];
    values: number[];
    share: number;
    variance: number;
  }[];
  readonly holm: readonly { p: number[]; adjusted: number[] }[];
}

export const truth = JSON.parse(
  readFileSync(new URL('../fixtures/statistics.json', import.meta.url), 'utf8'),
) as Truth;

/** Closeness to `expected` relative to its size. */
export function relativeError(actual: number, expected: number): number {
  return expected === 0 ? Math.abs(actual) : Math.abs(actual / expected - 1);
}
