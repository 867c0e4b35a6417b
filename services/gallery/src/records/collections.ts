import { anyOf, type Selectable, type Transaction } from '@deepstyle/storage';
import type { CollectionsTable } from '../gen/tables.ts';
import { db, insertRows } from './tables.ts';

export type CollectionRecord = Readonly<Selectable<CollectionsTable>>;

/** Inserts a collection with its designs in order; false where it exists already, and stays as it is. */
export async function saveCollection(
  tx: Transaction,
  collection: CollectionRecord,
  designIds: readonly string[],
): Promise<boolean> {
  const inserted = await db(tx)
    .insertInto('collections')
    .values(collection)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .execute();
  if (inserted.length === 0) return false;
  await insertRows(
    tx,
    'collectionDesigns',
    ['collectionId', 'position', 'designId'],
    designIds.map((designId, position) => ({ collectionId: collection.id, position, designId })),
  ).execute();
  return true;
}

export function collectionsById(
  tx: Transaction,
  ids: readonly string[],
): Promise<readonly CollectionRecord[]> {
  return db(tx).selectFrom('collections').selectAll().where('id', '=', anyOf(ids)).execute();
}

/** The newest collection of each run. */
export function collectionsOfRuns(
  tx: Transaction,
  runIds: readonly string[],
): Promise<readonly CollectionRecord[]> {
  return db(tx)
    .selectFrom('collections')
    .distinctOn('runId')
    .selectAll()
    .where('runId', '=', anyOf(runIds))
    .orderBy('runId')
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .execute();
}

/** Newest first; `after`: the last row of the page before. */
export function newestCollections(
  tx: Transaction,
  season: string | null,
  after: Pick<CollectionRecord, 'createdAt' | 'id'> | null,
  limit: number,
): Promise<readonly CollectionRecord[]> {
  let query = db(tx).selectFrom('collections').selectAll();
  if (season !== null) query = query.where('season', '=', season);
  if (after !== null) {
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('createdAt', 'id'), '<', tuple(after.createdAt, after.id)),
    );
  }
  return query.orderBy('createdAt', 'desc').orderBy('id', 'desc').limit(limit).execute();
}
