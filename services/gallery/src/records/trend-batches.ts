import type { Transaction } from '@deepstyle/storage';
import type { TrendShare, Trends } from '../trends.ts';

/** A row of `trend_batches`. */
export interface TrendBatchRecord extends Trends {
  readonly id: string;
  readonly runId: string;
  readonly season: string;
  /** Later seasons have higher ranks. */
  readonly seasonRank: number;
  /** Null: all brands together. */
  readonly brand: string | null;
  readonly revision: number;
  readonly supersedes: string | null;
  readonly isCurrent: boolean;
  readonly isFinal: boolean;
  readonly collectionId: string | null;
  readonly publishedAt: Date;
}

/** Inserts the new current batches of a season, after lockSeason and their predecessors were read. */
export async function saveTrendBatches(
  tx: Transaction,
  batches: readonly TrendBatchRecord[],
): Promise<void> {
  await tx.query('UPDATE trend_batches SET is_current = false WHERE id = ANY($1::text[])', [
    batches.flatMap(({ supersedes }) => supersedes ?? []),
  ]);
  const rows = batches.map((batch) => ({ ...batch, brand: batch.brand ?? '' }));
  await tx.query(
    `INSERT INTO trend_batches (id, run_id, season, season_rank, brand, revision, supersedes, is_current,
       is_final, photo_count, garment_count, previous_season, momentum_reason, categories, palette,
       collection_id, published_at)
     SELECT * FROM jsonb_to_recordset($1::jsonb) AS r(id text, "runId" text, season text, "seasonRank" int4,
       brand text, revision int4, supersedes text, "isCurrent" boolean, "isFinal" boolean,
       "photoCount" int4, "garmentCount" int4, "previousSeason" text, "momentumReason" text,
       categories jsonb, palette jsonb, "collectionId" text, "publishedAt" timestamptz)`,
    [JSON.stringify(rows)],
  );
}

export async function trendBatchesById(
  tx: Transaction,
  ids: readonly string[],
): Promise<readonly TrendBatchRecord[]> {
  const rows = await tx.query<TrendBatchRow>(
    'SELECT * FROM trend_batches WHERE id = ANY($1::text[])',
    [ids],
  );
  return rows.map(trendBatchOf);
}

/** Of each run the newest batch that it published for its own season, all brands first. */
export async function newestTrendBatchesOfRuns(
  tx: Transaction,
  runIds: readonly string[],
): Promise<readonly TrendBatchRecord[]> {
  const rows = await tx.query<TrendBatchRow>(
    `SELECT DISTINCT ON (b.run_id, b.brand COLLATE "C") b.* FROM trend_batches b
     JOIN runs r ON r.id = b.run_id AND r.reference->>'season' = b.season
     WHERE b.run_id = ANY($1::text[]) ORDER BY b.run_id, b.brand COLLATE "C", b.revision DESC`,
    [runIds],
  );
  return rows.map(trendBatchOf);
}

/** The current batches of a season, all brands and each brand. */
export async function currentTrendBatchesOfSeason(
  tx: Transaction,
  season: string,
): Promise<readonly TrendBatchRecord[]> {
  const rows = await tx.query<TrendBatchRow>(
    'SELECT * FROM trend_batches WHERE season = $1 AND is_current',
    [season],
  );
  return rows.map(trendBatchOf);
}

/** What a run has published for a season so far. */
export async function publishedByRun(
  tx: Transaction,
  runId: string,
  season: string,
): Promise<readonly { brand: string | null; isFinal: boolean }[]> {
  const rows = await tx.query<{ brand: string; is_final: boolean }>(
    'SELECT brand, is_final FROM trend_batches WHERE run_id = $1 AND season = $2',
    [runId, season],
  );
  return rows.map((row) => ({ brand: row.brand || null, isFinal: row.is_final }));
}

export interface TrendBatchFilter {
  readonly season: string | null;
  /** Undefined: any; null: all brands together. */
  readonly brand: string | null | undefined;
}

/** Current batches, newest season first; `after`: season rank, season and brand ('' for all) of the last row before. */
export async function currentTrendBatches(
  tx: Transaction,
  filter: TrendBatchFilter,
  after: readonly [seasonRank: number, brand: string] | null,
  limit: number,
): Promise<readonly TrendBatchRecord[]> {
  const brand = filter.brand === undefined ? null : (filter.brand ?? '');
  const rows = await tx.query<TrendBatchRow>(
    `SELECT * FROM trend_batches WHERE is_current AND ($1::text IS NULL OR season = $1)
       AND ($2::text IS NULL OR brand = $2)
       AND ($3::int4 IS NULL OR (-season_rank, brand COLLATE "C") > (-$3::int4, $4::text COLLATE "C"))
     ORDER BY -season_rank, brand COLLATE "C" LIMIT $5`,
    [filter.season, brand, after?.[0] ?? null, after?.[1] ?? null, limit],
  );
  return rows.map(trendBatchOf);
}

interface TrendBatchRow {
  readonly id: string;
  readonly run_id: string;
  readonly season: string;
  readonly season_rank: number;
  readonly brand: string;
  readonly revision: number;
  readonly supersedes: string | null;
  readonly is_current: boolean;
  readonly is_final: boolean;
  readonly photo_count: number;
  readonly garment_count: number;
  readonly previous_season: string | null;
  readonly momentum_reason: string | null;
  readonly categories: readonly TrendShare[];
  readonly palette: readonly TrendShare[];
  readonly collection_id: string | null;
  readonly published_at: Date;
}

function trendBatchOf(row: TrendBatchRow): TrendBatchRecord {
  return {
    id: row.id,
    runId: row.run_id,
    season: row.season,
    seasonRank: row.season_rank,
    brand: row.brand || null,
    revision: row.revision,
    supersedes: row.supersedes,
    isCurrent: row.is_current,
    isFinal: row.is_final,
    photoCount: row.photo_count,
    garmentCount: row.garment_count,
    previousSeason: row.previous_season,
    momentumReason: row.momentum_reason,
    categories: row.categories,
    palette: row.palette,
    collectionId: row.collection_id,
    publishedAt: row.published_at,
  };
}
