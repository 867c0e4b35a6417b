import type { CategoryType, RunReference } from '@deepstyle/contracts';
import {
  anyOf,
  createQueryBuilder,
  jsonBuildObject,
  type ObjectReference,
  sql,
  type TablesWith,
  type Transaction,
} from '@deepstyle/storage';
import type { Box } from './crop.ts';
import type { PaletteColor } from './garment-look.ts';
import type { Tables } from './gen/tables.ts';
import type { RunProgress } from './run-progress.ts';

type CropperTables = TablesWith<
  Tables,
  {
    garments: { box: Box; palette: readonly PaletteColor[] };
    runs: { reference: RunReference };
  }
>;
const { db, insertRows, recordset } = createQueryBuilder<CropperTables>();

export interface GarmentRecord {
  readonly id: string;
  readonly photoId: string;
  readonly detector: string;
  readonly box: Box;
  readonly category: string;
  readonly categoryType: CategoryType;
  readonly score: number | null;
  readonly brand: string | null;
  readonly image: ObjectReference;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly palette: readonly PaletteColor[];
  readonly dominantColor: string | null;
  readonly blurhash: string | null;
  readonly createdAt: Date;
}

export interface RunRecord {
  readonly id: string;
  readonly reference: RunReference;
  readonly progress: RunProgress;
  readonly updatedAt: Date;
}

export interface RunPhoto {
  readonly runId: string;
  readonly photoId: string;
}

export interface OutcomeRecord extends RunPhoto {
  readonly outcome: 'done' | 'failed';
  readonly reason: string | null;
}

type RunGarment = Pick<GarmentRecord, 'category' | 'categoryType' | 'brand'> & {
  readonly runId: string;
  readonly garmentId: string;
};

/** Inserts the runs that are new and locks all of them until the transaction ends, in one order for everybody. */
export async function lockRuns(
  tx: Transaction,
  references: readonly RunReference[],
  now: Date,
): Promise<ReadonlyMap<string, RunRecord>> {
  const byId = new Map(references.map((reference) => [reference.id, reference]));
  const ids = [...byId.keys()].sort();
  const rows = [...byId.values()].map((reference) => {
    return { id: reference.id, reference, createdAt: now, updatedAt: now };
  });
  await insertRows(tx, 'runs', ['id', 'reference', 'createdAt', 'updatedAt'], rows)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  const locked = await selectRuns(tx, ids).orderBy('id').forUpdate().execute();
  return new Map(locked.map((run) => [run.id, run]));
}

export function runsById(tx: Transaction, ids: readonly string[]): Promise<readonly RunRecord[]> {
  return selectRuns(tx, ids).execute();
}

function selectRuns(tx: Transaction, ids: readonly string[]) {
  return db(tx)
    .selectFrom('runs')
    .select(['id', 'reference', 'updatedAt'])
    .select((of) =>
      jsonBuildObject({
        expected: of.ref('expected'),
        done: of.ref('done'),
        failed: of.ref('failed'),
        garments: of.ref('garments'),
        ready: of('readyAt', 'is not', null).$castTo<boolean>(),
      }).as('progress'),
    )
    .where('id', '=', anyOf(ids));
}

const PROGRESS_COLUMNS = ['id', 'expected', 'done', 'failed', 'garments', 'readyAt'] as const;

/** Writes how far the runs are, after lockRuns in the same transaction. */
export async function saveProgress(
  tx: Transaction,
  runs: readonly { readonly id: string; readonly progress: RunProgress }[],
  now: Date,
): Promise<void> {
  const rows = runs.map(({ id, progress: { ready, ...counts } }) => {
    return { id, ...counts, readyAt: ready ? now : null };
  });
  await db(tx)
    .updateTable('runs')
    .from(recordset('runs', PROGRESS_COLUMNS, rows, 'given'))
    .set((of) => ({
      expected: of.ref('given.expected'),
      done: of.ref('given.done'),
      failed: of.ref('given.failed'),
      garments: of.ref('given.garments'),
      updatedAt: now,
      readyAt: of.fn.coalesce('runs.readyAt', 'given.readyAt'),
    }))
    .whereRef('runs.id', '=', 'given.id')
    .execute();
}

/** Those of the photographs that are settled in their run. */
export function settledPhotos(
  tx: Transaction,
  photos: readonly RunPhoto[],
): Promise<readonly RunPhoto[]> {
  return db(tx)
    .selectFrom('runPhotos')
    .innerJoin(recordset('runPhotos', ['runId', 'photoId'], photos, 'asked'), (join) =>
      join
        .onRef('asked.runId', '=', 'runPhotos.runId')
        .onRef('asked.photoId', '=', 'runPhotos.photoId'),
    )
    .select(['runPhotos.runId', 'runPhotos.photoId'])
    .where('runPhotos.outcome', 'is not', null)
    .execute();
}

export async function saveOutcomes(
  tx: Transaction,
  outcomes: readonly OutcomeRecord[],
): Promise<void> {
  await insertRows(tx, 'runPhotos', ['runId', 'photoId', 'outcome', 'reason'], outcomes)
    .onConflict((conflict) =>
      conflict
        .columns(['runId', 'photoId'])
        .doUpdateSet((of) => ({
          outcome: of.ref('excluded.outcome'),
          reason: of.ref('excluded.reason'),
        }))
        .where('runPhotos.outcome', 'is', null),
    )
    .execute();
}

/** Counts an attempt at a photograph that failed, after lockRuns; the number of them so far. */
export async function countAttempt(
  tx: Transaction,
  photo: RunPhoto,
  reason: string,
): Promise<number> {
  const { attempts } = await db(tx)
    .insertInto('runPhotos')
    .values({ ...photo, attempts: 1, reason })
    .onConflict((conflict) =>
      conflict
        .columns(['runId', 'photoId'])
        .doUpdateSet((of) => ({ attempts: of('runPhotos.attempts', '+', 1) })),
    )
    .returning('attempts')
    .executeTakeFirstOrThrow();
  return attempts;
}

const GARMENT_COLUMNS = [
  'id',
  'photoId',
  'detector',
  'box',
  'category',
  'categoryType',
  'score',
  'brand',
  'imageKey',
  'imageSha256',
  'imageContentType',
  'imageBytes',
  'widthPx',
  'heightPx',
  'palette',
  'dominantColor',
  'blurhash',
  'createdAt',
] as const;

/** Inserts garments; one that exists keeps its image and takes what its newest run says of it. */
export async function saveGarments(
  tx: Transaction,
  garments: readonly GarmentRecord[],
): Promise<void> {
  // In one order for everybody, so that two transactions never wait for each other.
  const rows = [...new Map(garments.map((garment) => [garment.id, garment])).values()]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ image, ...garment }) => ({
      ...garment,
      imageKey: image.key,
      imageSha256: image.sha256,
      imageContentType: image.contentType,
      imageBytes: image.bytes,
    }));
  await insertRows(tx, 'garments', GARMENT_COLUMNS, rows)
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((of) => ({
        category: of.ref('excluded.category'),
        categoryType: of.ref('excluded.categoryType'),
        brand: of.ref('excluded.brand'),
      })),
    )
    .execute();
}

export async function saveRunGarments(
  tx: Transaction,
  garments: readonly RunGarment[],
): Promise<void> {
  await insertRows(
    tx,
    'runGarments',
    ['runId', 'garmentId', 'category', 'categoryType', 'brand'],
    garments,
  )
    .onConflict((conflict) => conflict.columns(['runId', 'garmentId']).doNothing())
    .execute();
}

export function garmentsById(
  tx: Transaction,
  ids: readonly string[],
): Promise<readonly GarmentRecord[]> {
  return selectGarments(tx).select(OF_SOURCES).where('garments.id', '=', anyOf(ids)).execute();
}

/** The garments of each photograph, by id, at most `limit` each. */
export function garmentsOfPhotos(
  tx: Transaction,
  photoIds: readonly string[],
  limit: number,
): Promise<readonly GarmentRecord[]> {
  return db(tx)
    .selectFrom(sql<{ id: string }>`unnest(${photoIds}::text[])`.as<'photo'>(sql`photo(id)`))
    .innerJoinLateral(
      selectGarments(tx)
        .select(OF_SOURCES)
        .where('garments.photoId', '=', sql.ref<string>('photo.id'))
        .orderBy('garments.id')
        .limit(limit)
        .as('garment'),
      (join) => join.onTrue(),
    )
    .selectAll('garment')
    .execute();
}

/** The garments of a run after an id, by id, with the category and brand that this run's sources gave them. */
export function garmentsOfRun(
  tx: Transaction,
  runId: string,
  after: string,
  limit: number,
): Promise<readonly GarmentRecord[]> {
  return selectGarments(tx)
    .innerJoin('runGarments', 'runGarments.garmentId', 'garments.id')
    .select(['runGarments.category', 'runGarments.categoryType', 'runGarments.brand'])
    .where('runGarments.runId', '=', runId)
    .where('runGarments.garmentId', '>', after)
    .orderBy('runGarments.garmentId')
    .limit(limit)
    .execute();
}

/** What the sources say of a garment; a run may say otherwise than another. */
const OF_SOURCES = ['garments.category', 'garments.categoryType', 'garments.brand'] as const;

function selectGarments(tx: Transaction) {
  return db(tx)
    .selectFrom('garments')
    .select([
      'garments.id',
      'garments.photoId',
      'garments.detector',
      'garments.box',
      'garments.score',
      'garments.widthPx',
      'garments.heightPx',
      'garments.palette',
      'garments.dominantColor',
      'garments.blurhash',
      'garments.createdAt',
    ])
    .select((of) =>
      jsonBuildObject({
        key: of.ref('garments.imageKey'),
        sha256: of.ref('garments.imageSha256'),
        contentType: of.ref('garments.imageContentType'),
        bytes: of.ref('garments.imageBytes'),
      }).as('image'),
    );
}
