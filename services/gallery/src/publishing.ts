import { isDeepStrictEqual } from 'node:util';
import type { EventData, RunReference } from '@deepstyle/contracts';
import type { Transaction } from '@deepstyle/storage';
import { SeasonBusyError } from './errors.ts';
import { trendBatchIdOf } from './identifiers.ts';
import type { Ports } from './ports.ts';
import {
  brandsOfRun,
  currentTrendBatchesOfSeason,
  incompletenessOfSeason,
  lockSeason,
  publishedByRun,
  saveTrendBatches,
  type TrendBatchRecord,
} from './records.ts';
import { placeOf } from './season-order.ts';
import { isUnchanged, type SeasonTrends, seasonTrends } from './season-trends.ts';
import type { Trends } from './trends.ts';

type PublishingPorts = Pick<Ports, 'database' | 'outbox' | 'settings' | 'clock'>;

/** What a run publishes of its season: before its collection is known (`final` false), or with it. */
export interface Publication {
  readonly run: RunReference;
  readonly final: boolean;
  readonly collectionId: string | null;
}

type Scope = SeasonTrends['scopes'][number];
/** What the new revision of a scope says besides its statistics; null: there is none to publish. */
type Decision = Pick<TrendBatchRecord, 'isFinal' | 'collectionId'> | null;
type Decide = (scope: Scope, current: TrendBatchRecord | undefined, view: RunView) => Decision;

interface RunView {
  /** Brands of the run's garments. */
  readonly brands: ReadonlySet<string>;
  /** What the run has published for the season. */
  readonly published: readonly Pick<TrendBatchRecord, 'brand' | 'isFinal'>[];
}

const ATTEMPTS = 10;

/**
 * Publishes the trend batches of a run's season, one revision of each scope; then brings the batches of later seasons,
 * whose season before this is, up to date. Doing it again publishes nothing.
 */
export async function publishRun(ports: PublishingPorts, publication: Publication): Promise<void> {
  const { run } = publication;
  const successors = await publishSeason(ports, run, run.season, (scope, current, view) =>
    decideOwn(publication, scope, current, view),
  );
  for (const season of successors) await publishSeason(ports, run, season, decideSuccessor);
}

/** The run's own season: all brands, its own brands, and other brands where their numbers changed. */
function decideOwn(
  { run, final, collectionId }: Publication,
  { brand, trends }: Scope,
  current: TrendBatchRecord | undefined,
  view: RunView,
): Decision {
  const takesCollection = brand === null || brand === run.brand;
  const isFinal = final || !takesCollection;
  const earlier = view.published.filter((batch) => batch.brand === brand);
  if (earlier.some((batch) => batch.isFinal) || (earlier.length > 0 && !isFinal)) return null;
  const isOwn = brand === null || view.brands.has(brand);
  if (!isOwn && current !== undefined && isSame(trends, current)) return null;
  if (!isOwn) return { isFinal: true, collectionId: current?.collectionId ?? null };
  return { isFinal, collectionId: takesCollection ? collectionId : null };
}

/** A later season keeps everything but the numbers that changed. */
function decideSuccessor(
  { brand, trends }: Scope,
  current: TrendBatchRecord | undefined,
  view: RunView,
): Decision {
  if (current === undefined || isSame(trends, current)) return null;
  const { isFinal, collectionId } = current;
  const isRepeated = view.published.some(
    (batch) => batch.brand === brand && batch.isFinal === isFinal,
  );
  return isRepeated ? null : { isFinal, collectionId };
}

function isSame(trends: Trends, current: TrendBatchRecord): boolean {
  return Object.entries(trends).every(([field, value]) =>
    isDeepStrictEqual(value, current[field as keyof Trends]),
  );
}

/** Returns the seasons whose statistics are compared with this one. */
async function publishSeason(
  ports: PublishingPorts,
  run: RunReference,
  season: string,
  decide: Decide,
): Promise<readonly string[]> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    // Outside the transaction, as it takes long; what it rests on is checked again inside.
    const computed = await seasonTrends(ports, season);
    const isDone = await ports.database.transaction('gallery.publish', async (tx) => {
      await lockSeason(tx, season);
      if (!(await isUnchanged(tx, computed.versions))) return false;
      await publishScopes(tx, ports, { run, season, scopes: computed.scopes, decide });
      return true;
    });
    if (isDone) return computed.successors;
  }
  throw new SeasonBusyError(season);
}

async function publishScopes(
  tx: Transaction,
  { outbox, clock }: PublishingPorts,
  input: {
    readonly run: RunReference;
    readonly season: string;
    readonly scopes: readonly Scope[];
    readonly decide: Decide;
  },
): Promise<void> {
  const { run, season, scopes, decide } = input;
  const current = await currentTrendBatchesOfSeason(tx, season);
  const incomplete = await incompletenessOfSeason(tx, season);
  const view = {
    brands: new Set(await brandsOfRun(tx, run.id)),
    published: await publishedByRun(tx, run.id, season),
  };
  const batches = scopes.flatMap((scope): TrendBatchRecord[] => {
    const before = current.find(({ brand }) => brand === scope.brand);
    const decision = decide(scope, before, view);
    if (decision === null) return [];
    return [
      {
        ...scope.trends,
        ...decision,
        id: trendBatchIdOf(run.id, season, scope.brand, decision.isFinal),
        runId: run.id,
        season,
        seasonRank: placeOf(season).rank,
        brand: scope.brand,
        revision: (before?.revision ?? 0) + 1,
        supersedes: before?.id ?? null,
        isCurrent: true,
        publishedAt: clock(),
        incomplete,
      },
    ];
  });
  if (batches.length === 0) return;
  await saveTrendBatches(tx, batches);
  await outbox.publishAll(
    tx,
    'deepstyle.trend-batch.published.v1',
    batches.map((batch) => ({
      data: publishedEvent(run, batch),
      id: `trend-batch.published:${batch.id}`,
    })),
  );
}

function publishedEvent(
  run: RunReference,
  batch: TrendBatchRecord,
): EventData<'deepstyle.trend-batch.published.v1'> {
  const called = (direction: string) =>
    [...batch.categories, ...batch.palette]
      .filter(({ momentum }) => momentum?.direction === direction)
      .map(({ name }) => name);
  return {
    run,
    trendBatchId: batch.id,
    season: batch.season,
    brand: batch.brand,
    revision: batch.revision,
    supersedes: batch.supersedes,
    collectionId: batch.collectionId,
    photos: batch.photoCount,
    garments: batch.garmentCount,
    rising: called('RISING'),
    falling: called('FALLING'),
    final: batch.isFinal,
    publishedAt: batch.publishedAt.toISOString(),
    incomplete: batch.incomplete,
  };
}
