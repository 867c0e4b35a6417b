import { isDeepStrictEqual } from 'node:util';
import type { EventData, RunReference } from '@deepstyle/contracts';
import { retriesOf } from '@deepstyle/service';
import type { Transaction } from '@deepstyle/storage';
import { SeasonBusyError } from './errors.ts';
import { trendBatchIdOf } from './identifiers.ts';
import { inOpenRun } from './open-run.ts';
import type { Ports } from './ports.ts';
import {
  brandsOfRun,
  currentTrendBatchesOfSeason,
  incompletenessOfSeason,
  lockSeason,
  noteProgress,
  type PublishedBatch,
  publishedByRun,
  type RunRecord,
  saveTrendBatches,
  type TrendBatchRecord,
} from './records.ts';
import { placeOf } from './season-order.ts';
import { isUnchanged, type SeasonTrends, seasonTrends } from './season-trends.ts';
import type { Trends } from './trends.ts';

type PublishingPorts = Pick<Ports, 'database' | 'outbox' | 'settings' | 'clock'>;

/** What a run publishes of its season: before its collection is known, or with it. */
export interface Publication {
  readonly run: RunReference;
  /** How the run ends with it; null: its collection is not known yet. */
  readonly end: Pick<RunRecord, 'state' | 'detail'> | null;
  readonly collectionId: string | null;
}

type Scope = SeasonTrends['scopes'][number];
/** What the new revision of a scope says besides its statistics; null: there is none to publish. */
type Decision = Pick<TrendBatchRecord, 'isFinal' | 'collectionId'> | null;
type Decide = (scope: Scope, current: TrendBatchRecord | undefined, view: RunView) => Decision;

interface RunView {
  /** Brands of the run's garments. */
  readonly brands: ReadonlySet<string>;
  /** What the run has published for the season, newest first. */
  readonly published: readonly PublishedBatch[];
  /** Why the garments of the season are not all; null: nothing is known to be lacking. */
  readonly incomplete: string | null;
}

const ATTEMPTS = 10;

/**
 * Publishes the trend batches of a run's season, one revision of each scope; then brings the batches of later seasons,
 * whose season before this is, up to date. Doing it again publishes nothing. The retry of a run publishes what it changed.
 *
 * @throws RunChangedError, SeasonBusyError
 */
export async function publishRun(ports: PublishingPorts, publication: Publication): Promise<void> {
  const { database, clock } = ports;
  const { run, end } = publication;
  const successors = await publishSeason(ports, {
    run,
    season: run.season,
    decide: (scope, current, view) => decideOwn(publication, scope, current, view),
    // In one transaction: a run that has published all has ended, whatever is asked for it afterwards.
    write: (publish) =>
      inOpenRun(ports, 'gallery.publish', run, async (tx) => {
        const isDone = await publish(tx);
        if (isDone && end !== null) await noteProgress(tx, run.id, end, clock());
        return isDone;
      }),
  });
  for (const season of successors) {
    await publishSeason(ports, {
      run,
      season,
      decide: decideSuccessor,
      // Also for a run that was canceled since: what it has published counts in these.
      write: (publish) => database.transaction('gallery.publish', publish),
    });
  }
}

/** The run's own season: all brands, its own brands, and other brands where their numbers changed. */
function decideOwn(
  { run, end, collectionId }: Publication,
  { brand, trends }: Scope,
  current: TrendBatchRecord | undefined,
  view: RunView,
): Decision {
  const takesCollection = brand === null || brand === run.brand;
  const isFinal = end !== null || !takesCollection;
  const earlier = view.published.filter((batch) => batch.brand === brand);
  const finalId = trendBatchIdOf(run, run.season, brand, true);
  if (earlier.some(({ id }) => id === finalId)) return null;
  const before = current?.collectionId ?? null;
  const isSaid = isSame(trends, current);
  const isOwn = brand === null || view.brands.has(brand);
  if (!isOwn) return isSaid ? null : { isFinal: true, collectionId: before };
  const own = takesCollection ? collectionId : null;
  const isAsWhole = current?.incomplete === view.incomplete;
  if (isSaid && isAsWhole && isAgain(earlier, isFinal, own)) return null;
  // A retry takes no collection away.
  return { isFinal, collectionId: own ?? (retriesOf(run) > 0 ? before : null) };
}

/** Whether the run has come as far with a brand before. */
function isAgain(
  earlier: readonly PublishedBatch[],
  isFinal: boolean,
  collectionId: string | null,
): boolean {
  const [last] = earlier;
  if (last === undefined || (isFinal && !last.isFinal)) return false;
  return collectionId === null || earlier.some((batch) => batch.collectionId === collectionId);
}

/** A later season keeps everything but the numbers that changed. */
function decideSuccessor({ trends }: Scope, current: TrendBatchRecord | undefined): Decision {
  if (current === undefined || isSame(trends, current)) return null;
  const { isFinal, collectionId } = current;
  return { isFinal, collectionId };
}

function isSame(trends: Trends, current: TrendBatchRecord | undefined): boolean {
  if (current === undefined) return false;
  return Object.entries(trends).every(([field, value]) =>
    isDeepStrictEqual(asJson(value), asJson(current[field as keyof Trends])),
  );
}

/** What is left of a value once it was stored: json knows no -0, and no class. */
function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

interface SeasonPublication {
  readonly run: RunReference;
  readonly season: string;
  readonly decide: Decide;
  /** Has it written in a transaction. */
  readonly write: (publish: (tx: Transaction) => Promise<boolean>) => Promise<boolean>;
}

/** Returns the seasons whose statistics are compared with this one. */
async function publishSeason(
  ports: PublishingPorts,
  { run, season, decide, write }: SeasonPublication,
): Promise<readonly string[]> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    // Outside the transaction, as it takes long; what it rests on is checked again inside.
    const computed = await seasonTrends(ports, season);
    const isDone = await write(async (tx) => {
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
    incomplete,
  };
  const batches = scopes.flatMap((scope): TrendBatchRecord[] => {
    const before = current.find(({ brand }) => brand === scope.brand);
    const decision = decide(scope, before, view);
    if (decision === null) return [];
    const batchId = trendBatchIdOf(run, season, scope.brand, decision.isFinal);
    if (view.published.some(({ id }) => id === batchId)) return [];
    return [
      {
        ...scope.trends,
        ...decision,
        id: batchId,
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
