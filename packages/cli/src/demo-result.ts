import type { DrawnSeasons } from '@deepstyle/testkit';
import type { RunView } from './run-queries.ts';
import { resultOf } from './run-result.ts';

/** What the demo came to, beside what was drawn; all but `drawn` from the pipeline's own records. */
export interface DemoResult {
  readonly photos: {
    readonly drawn: number;
    readonly stored: number;
    readonly duplicates: number;
    readonly rejected: number;
  };
  readonly garments: { readonly drawn: number; readonly found: number };
  /** Of the last season's model. */
  readonly gan: {
    readonly steps: number;
    readonly featureSpace: string | null;
    readonly firstKid: number | null;
    readonly bestKid: number | null;
  };
  readonly designs: number;
  readonly collections: number;
  readonly trendBatches: number;
  readonly trend: {
    /** Largest difference between a category's drawn and found share, over all seasons, in [0, 1]. */
    readonly maxShareError: number;
    /** `+name` rises, `-name` falls. */
    readonly called: readonly string[];
    readonly drawn: readonly string[];
  };
  readonly seconds: number;
  readonly peakMb: number;
}

/** @param runs one per drawn season, in the order of the seasons */
export function demoResult(
  set: DrawnSeasons,
  runs: readonly RunView[],
): Omit<DemoResult, 'seconds' | 'peakMb'> {
  const results = runs.map(resultOf);
  const last = results.at(-1);
  const sum = (pick: (result: (typeof results)[number]) => number): number =>
    results.reduce((total, result) => total + pick(result), 0);
  return {
    photos: {
      drawn: set.photos.length,
      stored: sum(({ photos }) => photos.stored),
      duplicates: sum(({ photos }) => photos.duplicates),
      rejected: sum(({ photos }) => photos.rejected),
    },
    garments: { drawn: set.truth.photos, found: sum(({ garments }) => garments) },
    gan: {
      steps: last?.gan.steps ?? 0,
      featureSpace: last?.gan.featureSpace ?? null,
      firstKid: last?.gan.firstKid ?? null,
      bestKid: last?.gan.bestKid ?? null,
    },
    designs: sum(({ designs }) => designs),
    collections: sum(({ collections }) => collections),
    trendBatches: sum(({ trendBatches }) => trendBatches),
    trend: trendAgainstTruth(set, runs),
  };
}

function trendAgainstTruth(set: DrawnSeasons, runs: readonly RunView[]): DemoResult['trend'] {
  const batches = runs.map((run) => run.trendBatches?.find(({ brand }) => brand === null));
  const errors = set.truth.categories.flatMap(({ name, shares }) =>
    shares.map((drawn, season) => {
      const found = batches[season]?.categories.find((category) => category.name === name);
      return Math.abs(drawn - (found?.share ?? 0));
    }),
  );
  const called = (batches.at(-1)?.categories ?? []).flatMap(({ name, momentum }) => {
    if (momentum === null || momentum.direction === 'UNCHANGED') return [];
    return [`${momentum.direction === 'RISING' ? '+' : '-'}${name}`];
  });
  const drawn = set.truth.categories.flatMap(({ name, direction }) =>
    direction === 'unchanged' ? [] : [`${direction === 'rising' ? '+' : '-'}${name}`],
  );
  return { maxShareError: Math.max(0, ...errors), called: called.sort(), drawn: drawn.sort() };
}
