import type { RunReference } from '@deepstyle/contracts';
import type { Selectable, Transaction } from '@deepstyle/storage';
import { BRAND, BRAND_ORDER, db, type GalleryTables, insertRows, SEASON_ORDER } from './tables.ts';

type Columns = Selectable<GalleryTables['seasonGarments']>;

export interface SeasonGarment
  extends Readonly<
    Pick<Columns, 'garmentId' | 'photoId' | 'category' | 'categoryType' | 'palette'>
  > {
  /** Null where it is not known. */
  readonly brand: string | null;
}

const GARMENT_COLUMNS = ['garmentId', 'photoId', 'category', 'categoryType', 'palette'] as const;

/** Stores garments of a run. @param isCounted whether they count with their run; else from completeRunGarments on */
export async function saveRunGarments(
  tx: Transaction,
  { id: runId, season }: RunReference,
  garments: readonly SeasonGarment[],
  isCounted: boolean,
): Promise<void> {
  const rows = garments.map((garment) => {
    return { ...garment, runId, season, isCounted, brand: garment.brand ?? '' };
  });
  const columns = ['runId', 'season', 'isCounted', 'brand', ...GARMENT_COLUMNS] as const;
  await insertRows(tx, 'seasonGarments', columns, rows)
    .onConflict((conflict) => conflict.columns(['runId', 'garmentId']).doNothing())
    .execute();
}

/**
 * Lets the garments of a run count in its season, in the place of those that earlier runs cut from the same
 * photographs. Read anew, a run keeps its place among the others. Doing it again changes nothing. Returns how many they are.
 */
export async function completeRunGarments(
  tx: Transaction,
  { id: runId, season }: RunReference,
  now: Date,
): Promise<number> {
  await lockSeason(tx, season);
  const { garments } = await db(tx)
    .selectFrom('seasonGarments')
    .select((of) => of.cast<number>(of.fn.countAll(), 'int4').as('garments'))
    .where('runId', '=', runId)
    .executeTakeFirstOrThrow();
  const read = await db(tx)
    .updateTable('runs')
    .set((of) => ({
      garmentsReadAt: of.fn.coalesce('garmentsReadAt', of.val(now)),
      garments,
      updatedAt: now,
    }))
    .where('id', '=', runId)
    .where('garments', 'is', null)
    .returning('garmentsReadAt')
    .executeTakeFirst();
  if (read === undefined || garments === 0) return garments;
  await db(tx)
    .deleteFrom('seasonGarments')
    .where('runId', '=', runId)
    .where('isCounted', '=', false)
    .where(
      'photoId',
      'in',
      selectCounted(tx)
        .select('seasonGarments.photoId')
        .where('seasonGarments.season', '=', season)
        .where('runs.garmentsReadAt', '>', read.garmentsReadAt),
    )
    .execute();
  await db(tx)
    .deleteFrom('seasonGarments')
    .where('season', '=', season)
    .where('runId', '!=', runId)
    .where('isCounted', '=', true)
    .where('photoId', 'in', (of) =>
      of.selectFrom('seasonGarments as own').select('own.photoId').where('own.runId', '=', runId),
    )
    .where('runId', 'in', (of) =>
      of.selectFrom('runs').select('runs.id').where('runs.garmentsReadAt', 'is not', null),
    )
    .execute();
  await db(tx)
    .updateTable('seasonGarments')
    .set({ isCounted: true })
    .where('runId', '=', runId)
    .where('isCounted', '=', false)
    .execute();
  await db(tx)
    .updateTable('seasons')
    .set((of) => ({ version: of('version', '+', 1) }))
    .where('season', '=', season)
    .execute();
  return garments;
}

/** Holds the season against every other writer of its garments and trend batches until the transaction ends. */
export async function lockSeason(tx: Transaction, season: string): Promise<void> {
  await db(tx)
    .insertInto('seasons')
    .values({ season })
    .onConflict((conflict) => conflict.column('season').doNothing())
    .execute();
  await db(tx)
    .selectFrom('seasons')
    .select('season')
    .where('season', '=', season)
    .forUpdate()
    .execute();
}

/** Changes with every change of any season's garments. */
export async function seasonVersions(tx: Transaction): Promise<string> {
  const rows = await db(tx)
    .selectFrom('seasons')
    .select(['season', 'version'])
    .where('version', '>', 0)
    .orderBy(SEASON_ORDER)
    .execute();
  return JSON.stringify(rows);
}

export interface GarmentCount {
  readonly season: string;
  /** Null where it is not known. */
  readonly brand: string | null;
  readonly garments: number;
}

/** Garments that count, by season and brand. */
export function garmentCounts(tx: Transaction): Promise<readonly GarmentCount[]> {
  return selectCounted(tx)
    .select(['seasonGarments.season', BRAND])
    .select((of) => of.cast<number>(of.fn.countAll(), 'int4').as('garments'))
    .groupBy(['seasonGarments.season', 'seasonGarments.brand'])
    .orderBy(SEASON_ORDER)
    .orderBy(BRAND_ORDER)
    .execute();
}

/** Brands of a run's garments, as far as they are known and still count. */
export async function brandsOfRun(tx: Transaction, runId: string): Promise<readonly string[]> {
  const rows = await db(tx)
    .selectFrom('seasonGarments')
    .select('brand')
    .distinct()
    .where('runId', '=', runId)
    .where('brand', '!=', '')
    .execute();
  return rows.map(({ brand }) => brand);
}

/** Garments of a season that count, after an id, by id. */
export function garmentsOfSeason(
  tx: Transaction,
  season: string,
  after: string,
  limit: number,
): Promise<readonly SeasonGarment[]> {
  return selectCounted(tx)
    .select([...GARMENT_COLUMNS, BRAND])
    .where('season', '=', season)
    .where('garmentId', '>', after)
    .orderBy('garmentId')
    .limit(limit)
    .execute();
}

/** Garments of runs that have all of theirs here; not yet those that are read anew. */
function selectCounted(tx: Transaction) {
  return db(tx)
    .selectFrom('seasonGarments')
    .innerJoin('runs', 'runs.id', 'seasonGarments.runId')
    .where('runs.garmentsReadAt', 'is not', null)
    .where('seasonGarments.isCounted', '=', true);
}
