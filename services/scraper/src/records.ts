import {
  anyOf,
  createQueryBuilder,
  json,
  type Selectable,
  sql,
  type TablesWith,
  type Transaction,
} from '@deepstyle/storage';
import type { RejectionCode } from './errors.ts';
import type { Tables } from './gen/tables.ts';
import type { Photograph } from './photograph.ts';
import type { PhotoClaims } from './sources/source-item.ts';

export interface RunSource {
  readonly kind: 'folder' | 'url' | 'manifest';
  readonly location: string;
}

type ScraperTables = TablesWith<
  Tables,
  {
    runs: { sources: readonly RunSource[] };
    runSources: { code: RejectionCode | null };
  }
>;
const { db, insertRows } = createQueryBuilder<ScraperTables>();

type StoredRun = Readonly<Omit<Selectable<ScraperTables['runs']>, 'idempotencyKey'>>;
export type Run = Omit<StoredRun, 'requestDigest'>;
export type Photo = Readonly<Selectable<ScraperTables['photos']>>;
/** What became of one source, as it is written down. */
export type SourceRow = Readonly<
  Omit<Selectable<ScraperTables['runSources']>, 'runId' | 'position'>
>;

export type NewRun = Pick<
  StoredRun,
  | 'id'
  | 'season'
  | 'brand'
  | 'detector'
  | 'ganSteps'
  | 'ganSkip'
  | 'sources'
  | 'createdAt'
  | 'requestDigest'
> & { readonly idempotencyKey: string };

export interface NewPhoto extends Photograph {
  readonly objectKey: string;
  readonly source: string;
  readonly claims: PhotoClaims;
}

/** The sort key of a run in the list of all runs. */
export type RunPosition = Pick<Run, 'createdAt' | 'id'>;

type RunChange = Pick<Run, 'updatedAt'> &
  Partial<Pick<Run, 'stored' | 'duplicates' | 'rejected' | 'state' | 'detail' | 'expected'>> &
  Partial<Pick<Run, 'lost' | 'canceledAt' | 'revision' | 'retries'>>;

const RUN_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a text can be the id of a run; the database refuses to compare with anything else. */
export function isRunId(text: string): boolean {
  return RUN_ID.test(text);
}

/** Writes a new run unless its key is taken; true where it was written. */
export async function insertRun(tx: Transaction, run: NewRun): Promise<boolean> {
  const { sources, createdAt } = run;
  const rows = await db(tx)
    .insertInto('runs')
    .values({ ...run, sources: json(sources), state: 'RUNNING', updatedAt: createdAt })
    .onConflict((conflict) => conflict.column('idempotencyKey').doNothing())
    .returning('id')
    .execute();
  return rows.length > 0;
}

export async function findRunByKey(
  tx: Transaction,
  idempotencyKey: string,
): Promise<StoredRun | null> {
  const row = await selectRuns(tx)
    .select('requestDigest')
    .where('idempotencyKey', '=', idempotencyKey)
    .executeTakeFirst();
  return row ?? null;
}

export function findRuns(tx: Transaction, ids: readonly string[]): Promise<readonly Run[]> {
  return selectRuns(tx)
    .where('id', '=', anyOf(ids.filter(isRunId)))
    .execute();
}

/** Takes the run for this transaction, so that its counts and members are written by one at a time. */
export async function lockRun(tx: Transaction, id: string): Promise<Run | null> {
  return (await selectRuns(tx).where('id', '=', id).forUpdate().executeTakeFirst()) ?? null;
}

/** Newest first, those after a run of this position. */
export function listRuns(
  tx: Transaction,
  limit: number,
  after: RunPosition | null,
): Promise<readonly Run[]> {
  const newest = selectRuns(tx).orderBy('createdAt', 'desc').orderBy('id', 'desc').limit(limit);
  if (after === null) return newest.execute();
  return newest
    .where((of) => of(of.refTuple('createdAt', 'id'), '<', of.tuple(after.createdAt, after.id)))
    .execute();
}

/** Forgets the sources of a run that gave no photograph. */
export async function deleteRejections(tx: Transaction, runId: string): Promise<void> {
  await db(tx)
    .deleteFrom('runSources')
    .where('runId', '=', runId)
    .where('outcome', '=', 'rejected')
    .execute();
}

export async function updateRun(tx: Transaction, id: string, change: RunChange): Promise<void> {
  await db(tx).updateTable('runs').set(change).where('id', '=', id).execute();
}

/** Keys of the sources of a run whose outcome is known, a page at a time. */
export async function listSourceKeys(
  tx: Transaction,
  runId: string,
  after: string,
  limit: number,
): Promise<readonly string[]> {
  const rows = await selectSourceKeys(tx, runId)
    .where('sourceKey', '>', after)
    .orderBy('sourceKey')
    .limit(limit)
    .execute();
  return rows.map(({ sourceKey }) => sourceKey);
}

/** Which of these sources of a run have an outcome. */
export async function findSourceKeys(
  tx: Transaction,
  runId: string,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await selectSourceKeys(tx, runId).where('sourceKey', '=', anyOf(keys)).execute();
  return new Set(rows.map(({ sourceKey }) => sourceKey));
}

const PHOTO_COLUMNS = [
  'id',
  'objectKey',
  'contentType',
  'bytes',
  'widthPx',
  'heightPx',
  'dominantColor',
  'source',
  'brand',
  'category',
  'title',
  'author',
  'license',
  'createdAt',
] as const;

/**
 * Writes photographs, each id at most once; what a known one did not say yet is filled in. Returns the rows as
 * they are now.
 */
export function upsertPhotos(
  tx: Transaction,
  photos: readonly NewPhoto[],
  createdAt: Date,
): Promise<readonly Photo[]> {
  // In one order for everybody, so that two transactions never wait for each other.
  const rows = photos
    .map(({ claims, ...photo }) => ({ ...photo, ...claims, createdAt }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  return insertRows(tx, 'photos', PHOTO_COLUMNS, rows)
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet(({ fn }) => ({
        brand: fn.coalesce('photos.brand', 'excluded.brand'),
        category: fn.coalesce('photos.category', 'excluded.category'),
        title: fn.coalesce('photos.title', 'excluded.title'),
        author: fn.coalesce('photos.author', 'excluded.author'),
        license: fn.coalesce('photos.license', 'excluded.license'),
      })),
    )
    .returningAll()
    .execute();
}

/** Makes photographs members of a run; returns those that were none yet. */
export async function insertMembers(
  tx: Transaction,
  runId: string,
  photoIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const members = photoIds.map((photoId) => ({ runId, photoId }));
  const rows = await insertRows(tx, 'runPhotos', ['runId', 'photoId'], members)
    .onConflict((conflict) => conflict.columns(['runId', 'photoId']).doNothing())
    .returning('photoId')
    .execute();
  return new Set(rows.map(({ photoId }) => photoId));
}

const SOURCE_COLUMNS = [
  'runId',
  'sourceKey',
  'name',
  'outcome',
  'photoId',
  'code',
  'reason',
] as const;

export async function insertSources(
  tx: Transaction,
  runId: string,
  sources: readonly SourceRow[],
): Promise<void> {
  const rows = sources.map((source) => ({ ...source, runId }));
  await insertRows(tx, 'runSources', SOURCE_COLUMNS, rows).execute();
}

export function findPhotos(tx: Transaction, ids: readonly string[]): Promise<readonly Photo[]> {
  return db(tx).selectFrom('photos').selectAll().where('id', '=', anyOf(ids)).execute();
}

/** Members of a run after an id, by id. */
export function listMembers(
  tx: Transaction,
  runId: string,
  limit: number,
  after: string,
): Promise<readonly Photo[]> {
  // The page first: joined before its limit, all photographs ever collected may be read for one page.
  return db(tx)
    .selectFrom('photos')
    .innerJoin(
      (of) =>
        of
          .selectFrom('runPhotos')
          .select('photoId')
          .where('runId', '=', runId)
          .where('photoId', '>', after)
          .orderBy('photoId')
          .limit(limit)
          .as('page'),
      (join) => join.onRef('page.photoId', '=', 'photos.id'),
    )
    .selectAll('photos')
    .orderBy('page.photoId')
    .execute();
}

/** The rejected sources of a run, oldest first. */
export function listRejections(tx: Transaction, runId: string, limit: number) {
  return selectRejected(tx, runId)
    .select(['name', 'code', 'reason'])
    .$narrowType<{ code: RejectionCode; reason: string }>()
    .orderBy('position')
    .limit(limit)
    .execute();
}

/** How often each code occurs among the rejected sources of a run, most frequent first. */
export function countRejections(tx: Transaction, runId: string) {
  return selectRejected(tx, runId)
    .select(['code', sql<number>`count(*)::int`.as('count')])
    .groupBy('code')
    .orderBy('count', 'desc')
    .orderBy('code')
    .execute();
}

function selectRuns(tx: Transaction) {
  return db(tx)
    .selectFrom('runs')
    .select(['id', 'season', 'brand', 'detector', 'ganSteps', 'ganSkip', 'sources', 'state'])
    .select(['detail', 'expected', 'stored', 'duplicates', 'rejected', 'createdAt', 'updatedAt'])
    .select(['canceledAt', 'revision', 'retries', 'lost']);
}

function selectSourceKeys(tx: Transaction, runId: string) {
  return db(tx).selectFrom('runSources').select('sourceKey').where('runId', '=', runId);
}

function selectRejected(tx: Transaction, runId: string) {
  return db(tx)
    .selectFrom('runSources')
    .where('runId', '=', runId)
    .where('outcome', '=', 'rejected');
}
