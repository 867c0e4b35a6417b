import type { CategoryType } from '@deepstyle/contracts';
import type { Transaction } from '@deepstyle/storage';
import type { GarmentPalette } from '../season-palette.ts';

/** A row of `season_garments`. */
export interface SeasonGarment {
  readonly id: string;
  readonly photoId: string;
  /** Null where it is not known. */
  readonly brand: string | null;
  readonly category: string;
  readonly categoryType: CategoryType;
  readonly palette: GarmentPalette;
}

/** Stores garments of a run; they count from completeRunGarments on. */
export async function saveRunGarments(
  tx: Transaction,
  runId: string,
  season: string,
  garments: readonly SeasonGarment[],
): Promise<void> {
  const rows = garments.map(({ id, photoId, brand, category, categoryType, palette }) => ({
    ...{ id, photoId, category, categoryType },
    brand: brand ?? '',
    palette: palette.map(({ lab, share }) => [lab.l, lab.a, lab.b, share]),
  }));
  await tx.query(
    `INSERT INTO season_garments (run_id, garment_id, season, photo_id, brand, category, category_type, palette)
     SELECT $1, id, $2, "photoId", brand, category, "categoryType", palette FROM jsonb_to_recordset($3::jsonb)
       AS r(id text, "photoId" text, brand text, category text, "categoryType" text, palette jsonb)
     ON CONFLICT (run_id, garment_id) DO NOTHING`,
    [runId, season, JSON.stringify(rows)],
  );
}

/**
 * Lets the garments of a run count in its season, in the place of those that earlier runs cut from the same
 * photographs. Doing it again changes nothing. Returns how many they are.
 */
export async function completeRunGarments(
  tx: Transaction,
  runId: string,
  season: string,
  now: Date,
): Promise<number> {
  await lockSeason(tx, season);
  const [counted] = await tx.query<{ garments: number }>(
    'SELECT count(*)::int4 AS garments FROM season_garments WHERE run_id = $1',
    [runId],
  );
  const garments = counted?.garments ?? 0;
  const first = await tx.query(
    `UPDATE runs SET garments_read_at = $2, garments = $3, updated_at = $2
     WHERE id = $1 AND garments_read_at IS NULL RETURNING id`,
    [runId, now, garments],
  );
  if (first.length === 0 || garments === 0) return garments;
  await tx.query(
    `DELETE FROM season_garments AS earlier
     USING (SELECT DISTINCT photo_id FROM season_garments WHERE run_id = $1) AS mine, runs
     WHERE earlier.season = $2 AND earlier.photo_id = mine.photo_id AND earlier.run_id <> $1
       AND runs.id = earlier.run_id AND runs.garments_read_at IS NOT NULL`,
    [runId, season],
  );
  await tx.query('UPDATE seasons SET version = version + 1 WHERE season = $1', [season]);
  return garments;
}

/** Holds the season against every other writer of its garments and trend batches until the transaction ends. */
export async function lockSeason(tx: Transaction, season: string): Promise<void> {
  await tx.query('INSERT INTO seasons (season) VALUES ($1) ON CONFLICT (season) DO NOTHING', [
    season,
  ]);
  await tx.query('SELECT season FROM seasons WHERE season = $1 FOR UPDATE', [season]);
}

/** Changes with every change of any season's garments. */
export async function seasonVersions(tx: Transaction): Promise<string> {
  const rows = await tx.query<{ season: string; version: number }>(
    'SELECT season, version FROM seasons WHERE version > 0 ORDER BY season COLLATE "C"',
  );
  return JSON.stringify(rows.map(({ season, version }) => [season, version]));
}

/** Garments that count, by season and brand (null: not known). */
export async function garmentCounts(
  tx: Transaction,
): Promise<readonly { season: string; brand: string | null; garments: number }[]> {
  const rows = await tx.query<{ season: string; brand: string; garments: number }>(
    `SELECT g.season, g.brand, count(*)::int4 AS garments FROM season_garments g
     JOIN runs r ON r.id = g.run_id WHERE r.garments_read_at IS NOT NULL
     GROUP BY g.season, g.brand ORDER BY g.season COLLATE "C", g.brand COLLATE "C"`,
  );
  return rows.map(({ season, brand, garments }) => ({ season, brand: brand || null, garments }));
}

/** Brands of a run's garments, as far as they are known and still count. */
export async function brandsOfRun(tx: Transaction, runId: string): Promise<readonly string[]> {
  const rows = await tx.query<{ brand: string }>(
    `SELECT DISTINCT brand FROM season_garments WHERE run_id = $1 AND brand <> ''`,
    [runId],
  );
  return rows.map(({ brand }) => brand);
}

/** Garments of a season that count, after an id, by id. */
export async function garmentsOfSeason(
  tx: Transaction,
  season: string,
  after: string,
  limit: number,
): Promise<readonly SeasonGarment[]> {
  const rows = await tx.query<GarmentRow>(
    `SELECT g.garment_id, g.photo_id, g.brand, g.category, g.category_type, g.palette
     FROM season_garments g JOIN runs r ON r.id = g.run_id
     WHERE g.season = $1 AND g.garment_id > $2 AND r.garments_read_at IS NOT NULL
     ORDER BY g.garment_id LIMIT $3`,
    [season, after, limit],
  );
  return rows.map(garmentOf);
}

interface GarmentRow {
  readonly garment_id: string;
  readonly photo_id: string;
  readonly brand: string;
  readonly category: string;
  readonly category_type: CategoryType;
  readonly palette: readonly (readonly [number, number, number, number])[];
}

function garmentOf(row: GarmentRow): SeasonGarment {
  return {
    id: row.garment_id,
    photoId: row.photo_id,
    brand: row.brand || null,
    category: row.category,
    categoryType: row.category_type,
    palette: row.palette.map(([l, a, b, share]) => ({ lab: { l, a, b }, share })),
  };
}
