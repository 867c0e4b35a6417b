import { anyOf, type Selectable, type Transaction } from '@deepstyle/storage';
import { BRAND, BRAND_ORDER, db, type GalleryTables, insertRows } from './tables.ts';

type Columns = Readonly<Selectable<GalleryTables['trendBatches']>>;

/** A row of `trend_batches`; null as the brand: all brands together. */
export type TrendBatchRecord = Omit<Columns, 'brand'> & { readonly brand: string | null };

const COLUMNS = [
  'id',
  'runId',
  'season',
  'seasonRank',
  'revision',
  'supersedes',
  'isCurrent',
  'isFinal',
  'photoCount',
  'garmentCount',
  'previousSeason',
  'momentumReason',
  'categories',
  'palette',
  'collectionId',
  'publishedAt',
  'incomplete',
] as const;

/** Inserts the new current batches of a season, after lockSeason and their predecessors were read. */
export async function saveTrendBatches(
  tx: Transaction,
  batches: readonly TrendBatchRecord[],
): Promise<void> {
  const superseded = batches.flatMap(({ supersedes }) => supersedes ?? []);
  await db(tx)
    .updateTable('trendBatches')
    .set({ isCurrent: false })
    .where('id', '=', anyOf(superseded))
    .execute();
  const rows = batches.map((batch) => ({ ...batch, brand: batch.brand ?? '' }));
  await insertRows(tx, 'trendBatches', [...COLUMNS, 'brand'], rows).execute();
}

export function trendBatchesById(
  tx: Transaction,
  ids: readonly string[],
): Promise<readonly TrendBatchRecord[]> {
  return selectTrendBatches(tx).where('id', '=', anyOf(ids)).execute();
}

/** Of each run the newest batch that it published for its own season, all brands first. */
export function newestTrendBatchesOfRuns(
  tx: Transaction,
  runIds: readonly string[],
): Promise<readonly TrendBatchRecord[]> {
  return selectTrendBatches(tx)
    .distinctOn(['runId', BRAND_ORDER])
    .where('runId', '=', anyOf(runIds))
    .where((of) =>
      of.exists(
        of
          .selectFrom('runs')
          .select('runs.id')
          .whereRef('runs.id', '=', 'trendBatches.runId')
          .where((run) =>
            run(
              run.ref('runs.reference', '->>').key('season'),
              '=',
              run.ref('trendBatches.season'),
            ),
          ),
      ),
    )
    .orderBy('runId')
    .orderBy(BRAND_ORDER)
    .orderBy('revision', 'desc')
    .execute();
}

/** The current batches of a season, all brands and each brand. */
export function currentTrendBatchesOfSeason(
  tx: Transaction,
  season: string,
): Promise<readonly TrendBatchRecord[]> {
  return selectTrendBatches(tx)
    .where('season', '=', season)
    .where('isCurrent', '=', true)
    .execute();
}

export type PublishedBatch = Pick<TrendBatchRecord, 'id' | 'brand' | 'isFinal' | 'collectionId'>;

/** What a run has published for a season so far, newest first. */
export function publishedByRun(
  tx: Transaction,
  runId: string,
  season: string,
): Promise<readonly PublishedBatch[]> {
  return db(tx)
    .selectFrom('trendBatches')
    .select(['id', BRAND, 'isFinal', 'collectionId'])
    .where('runId', '=', runId)
    .where('season', '=', season)
    .orderBy('revision', 'desc')
    .execute();
}

export interface TrendBatchFilter {
  readonly season: string | null;
  /** Undefined: any; null: all brands together. */
  readonly brand: string | null | undefined;
}

/** Current batches, newest season first, all brands before each brand; `after`: the last row of the page before. */
export function currentTrendBatches(
  tx: Transaction,
  { season, brand }: TrendBatchFilter,
  after: Pick<TrendBatchRecord, 'seasonRank' | 'brand'> | null,
  limit: number,
): Promise<readonly TrendBatchRecord[]> {
  let query = selectTrendBatches(tx).where('isCurrent', '=', true);
  if (season !== null) query = query.where('season', '=', season);
  if (brand !== undefined) query = query.where('brand', '=', brand ?? '');
  if (after !== null) {
    query = query.where((of) =>
      of.and([
        // Alone it says where the index is entered.
        of('seasonRank', '<=', after.seasonRank),
        of.or([of('seasonRank', '<', after.seasonRank), of(BRAND_ORDER, '>', after.brand ?? '')]),
      ]),
    );
  }
  const newest = query.orderBy('seasonRank', 'desc').limit(limit);
  return (brand === undefined ? newest.orderBy(BRAND_ORDER) : newest).execute();
}

function selectTrendBatches(tx: Transaction) {
  return db(tx)
    .selectFrom('trendBatches')
    .select([...COLUMNS, BRAND]);
}
