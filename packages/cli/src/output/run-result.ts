import { isCanceled, type RunView, STAGES, type TrendShareView } from '../run-queries.ts';

/** What a run came to, from the pipeline's own records. */
export interface RunResult {
  readonly run: string;
  readonly season: string;
  readonly photos: {
    readonly stored: number;
    readonly duplicates: number;
    readonly rejected: number;
  };
  readonly garments: number;
  readonly gan: {
    readonly outcome: 'ready' | 'none';
    readonly steps: number;
    readonly bestStep: number;
    readonly firstKid: number | null;
    readonly bestKid: number | null;
    readonly featureSpace: string | null;
    /** Why there is none, where there is none. */
    readonly detail: string | null;
  };
  readonly designs: number;
  readonly collections: number;
  readonly trendBatches: number;
  /** Why what was published is not whole; null: nothing is known to be lacking. */
  readonly incomplete: string | null;
  /** One sentence per change that is called, or why none can be. */
  readonly trend: readonly string[];
}

export function resultOf(run: RunView): RunResult {
  const { ganModel, collection } = run;
  const batches = run.trendBatches ?? [];
  const season = batches.find(({ brand }) => brand === null);
  return {
    run: run.id,
    season: run.season,
    photos: run.photoCounts,
    garments: run.garmentCount ?? 0,
    gan: {
      outcome: ganModel === null ? 'none' : 'ready',
      steps: ganModel?.steps ?? 0,
      bestStep: ganModel?.bestStep ?? 0,
      firstKid: ganModel?.firstKid ?? null,
      bestKid: ganModel?.bestKid ?? null,
      featureSpace: ganModel?.featureSpace ?? null,
      detail: ganModel === null ? (run.training?.detail ?? null) : null,
    },
    designs: collection?.designCount ?? 0,
    collections: collection === null ? 0 : 1,
    trendBatches: batches.length,
    incomplete: run.incomplete,
    trend: season === undefined ? [] : trendSentences(season),
  };
}

function trendSentences(batch: NonNullable<RunView['trendBatches']>[number]): string[] {
  if (batch.momentumReason !== null) return [`momentum: none (${batch.momentumReason})`];
  const called = [...batch.categories, ...batch.palette].filter(
    ({ momentum }) => momentum !== null && momentum.direction !== 'UNCHANGED',
  );
  if (called.length === 0) return [`no change since ${batch.previousSeason} can be called`];
  return called.map((item) => sentence(item));
}

function sentence({ name, share, momentum }: TrendShareView): string {
  const points = Math.abs((momentum?.change ?? 0) * 100).toFixed(1);
  return `${name} ${momentum?.direction === 'RISING' ? 'rises' : 'falls'} by ${points} points to ${(share * 100).toFixed(1)} %`;
}

const SHOWN_REJECTIONS = 5;

/** Lines for the person: that it was canceled, the stages that failed and the sources that gave no photograph, each with its reason. */
export function troublesOf(run: RunView): string[] {
  const canceled = isCanceled(run)
    ? [`The run was canceled. To let it go on: deepstyle run resume ${run.id}\n`]
    : [];
  const failed = STAGES.flatMap((name) => {
    const { state, detail } = run[name] ?? {};
    if (state === 'HELD') return [`${detail ?? `${name} is held`}\n`];
    return state === 'FAILED' ? [`${name} failed: ${detail ?? 'no reason given'}\n`] : [];
  });
  const { rejected } = run.photoCounts;
  if (rejected === 0) return [...canceled, ...failed];
  const shown = run.rejections.slice(0, SHOWN_REJECTIONS);
  const more = rejected - shown.length;
  return [
    ...canceled,
    ...failed,
    `${rejected} of the sources gave no photograph:\n`,
    ...shown.map(({ source, reason }) => `  ${source}: ${reason}\n`),
    ...(more > 0 ? [`  and ${more} more\n`] : []),
  ];
}
