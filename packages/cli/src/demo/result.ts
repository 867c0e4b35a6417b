import type { DrawnScenes } from '@deepstyle/testkit';
import type { DetectorModelView } from '../detector-queries.ts';
import { resultOf } from '../output/run-result.ts';
import { duration } from '../output/stage-line.ts';
import type { RunView } from '../run-queries.ts';

/** What the demo came to, beside what was drawn; all but `drawn` from the pipeline's own records. */
export interface DemoResult {
  /** Files: `drawn` counts copies and files that are no photograph, too. */
  readonly photos: {
    readonly drawn: number;
    readonly stored: number;
    readonly duplicates: number;
    readonly rejected: number;
  };
  /** On scenes of seeds that it was not trained on. */
  readonly detector: {
    readonly ap: number | null;
    readonly ap50: number | null;
    readonly ap50ByType: number | null;
    readonly trainSeconds: number | null;
  };
  /** Of all seasons. */
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
    /** Changes of categories from a season to the next: `SS2026 +coat` rises, `SS2026 -dress` falls. */
    readonly called: readonly string[];
    readonly drawn: readonly string[];
  };
  readonly seconds: number;
  readonly peakMb: number;
}

/** @param runs one per drawn season, in the order of the seasons */
export function demoResult(
  { photos, truth }: Pick<DrawnScenes, 'photos' | 'truth'>,
  model: DetectorModelView,
  runs: readonly RunView[],
): Omit<DemoResult, 'seconds' | 'peakMb'> {
  const results = runs.map(resultOf);
  const sum = (pick: (result: (typeof results)[number]) => number): number =>
    results.reduce((total, result) => total + pick(result), 0);
  const { ap = null, ap50 = null, ap50ByType = null } = model.evaluation ?? {};
  const {
    steps = 0,
    featureSpace = null,
    firstKid = null,
    bestKid = null,
  } = results.at(-1)?.gan ?? {};
  return {
    photos: {
      drawn: photos.length,
      stored: sum((result) => result.photos.stored),
      duplicates: sum((result) => result.photos.duplicates),
      rejected: sum((result) => result.photos.rejected),
    },
    detector: { ap, ap50, ap50ByType, trainSeconds: model.trainSeconds },
    garments: { drawn: truth.garments, found: sum(({ garments }) => garments) },
    gan: { steps, featureSpace, firstKid, bestKid },
    designs: sum(({ designs }) => designs),
    collections: sum(({ collections }) => collections),
    trendBatches: sum(({ trendBatches }) => trendBatches),
    trend: {
      maxShareError: maxShareError(truth, runs),
      called: calledChanges(truth.seasons, runs),
      drawn: drawnChanges(truth),
    },
  };
}

type Truth = DrawnScenes['truth'];

function batchOf(run: RunView | undefined) {
  return run?.trendBatches?.find(({ brand }) => brand === null);
}

/** Over the categories that were drawn or found: what one of the two does not know has share 0 there. */
function maxShareError({ seasons, categories }: Truth, runs: readonly RunView[]): number {
  const errors = seasons.flatMap((_, season) => {
    const found = batchOf(runs[season])?.categories ?? [];
    const names = new Set([...categories, ...found].map(({ name }) => name));
    return [...names].map((name) => {
      const drawn = categories.find((category) => category.name === name)?.shares[season];
      const share = found.find((category) => category.name === name)?.share;
      return Math.abs((drawn ?? 0) - (share ?? 0));
    });
  });
  return Math.max(0, ...errors);
}

function calledChanges(seasons: readonly string[], runs: readonly RunView[]): string[] {
  return seasons.flatMap((season, i) => {
    const changes = (batchOf(runs[i])?.categories ?? []).flatMap(({ name, momentum }) => {
      if (momentum === null || momentum.direction === 'UNCHANGED') return [];
      return [`${season} ${momentum.direction === 'RISING' ? '+' : '-'}${name}`];
    });
    return changes.sort();
  });
}

function drawnChanges({ seasons, categories }: Truth): string[] {
  return seasons.slice(1).flatMap((season, i) => {
    const changes = categories.flatMap(({ name, steps }) => {
      if (steps[i] === undefined || steps[i] === 'unchanged') return [];
      return [`${season} ${steps[i] === 'rising' ? '+' : '-'}${name}`];
    });
    return changes.sort();
  });
}

/** The result for people. */
export function demoSummary(result: DemoResult): string {
  const { photos, detector, garments, gan, trend } = result;
  const kid = (value: number | null) => value?.toFixed(4) ?? '-';
  return [
    '',
    `photographs   ${photos.drawn} drawn, ${photos.stored} stored, ${photos.duplicates} duplicates, ${photos.rejected} rejected`,
    `detector      AP50 ${percent(detector.ap50)} by category, ${percent(detector.ap50ByType)} by type, AP ${percent(detector.ap)}; trained ${duration(detector.trainSeconds ?? 0)}`,
    `garments      ${garments.found} found, ${garments.drawn} drawn`,
    `gan           ${gan.steps} steps, KID ${kid(gan.firstKid)} to ${kid(gan.bestKid)} (${gan.featureSpace ?? '-'})`,
    `designs       ${result.designs} in ${result.collections} collection${result.collections === 1 ? '' : 's'}`,
    `trend batches ${result.trendBatches}, largest error of a share ${(trend.maxShareError * 100).toFixed(1)} points`,
    `  drawn       ${trend.drawn.join(', ')}`,
    `  called      ${trend.called.join(', ') || 'nothing'}`,
    `${duration(result.seconds)}, peak ${result.peakMb} MB`,
    '',
  ].join('\n');
}

function percent(share: number | null): string {
  return share === null ? '-' : `${(share * 100).toFixed(1)} %`;
}
