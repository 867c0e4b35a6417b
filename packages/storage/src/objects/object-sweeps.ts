/** What the records of a service know of objects that none of them names. Steps of `keepObjects` and of whoever sweeps. */
import type { Transaction } from '../database/database.ts';
import { ObjectSweptError } from '../errors.ts';

/**
 * Part of each transaction that writes records which name objects. A sweep waits for longer than any transaction between
 * condemning an object and deleting it, so either it finds the name, or this finds that the object is condemned, and spares
 * it.
 *
 * @throws ObjectSweptError where an object has just been deleted: who stores it again may name it
 */
export async function keepObjects(tx: Transaction, keys: readonly string[]): Promise<void> {
  const rows = await tx.query<{ key: string; deleted: boolean }>(
    `DELETE FROM condemned_objects WHERE key = ANY($1::text[])
     RETURNING key, deleted_at IS NOT NULL AS deleted`,
    [keys],
  );
  const deleted = rows.find((row) => row.deleted);
  if (deleted !== undefined) throw new ObjectSweptError(deleted.key);
}

/**
 * Takes the next page of a prefix, where it is due, until `nextAt`; one replica gets it.
 *
 * @returns the key after which it begins, or null
 */
export async function takeSweepPage(
  tx: Transaction,
  prefix: string,
  now: Date,
  nextAt: Date,
): Promise<string | null> {
  const [page] = await tx.query<{ after_key: string }>(
    `INSERT INTO object_sweeps AS sweep (prefix, next_at) VALUES ($1, $3)
     ON CONFLICT (prefix) DO UPDATE SET next_at = $3 WHERE sweep.next_at <= $2
     RETURNING after_key`,
    [prefix, now, nextAt],
  );
  return page?.after_key ?? null;
}

export async function endSweepPage(
  tx: Transaction,
  prefix: string,
  afterKey: string,
  nextAt: Date,
): Promise<void> {
  await tx.query('UPDATE object_sweeps SET after_key = $2, next_at = $3 WHERE prefix = $1', [
    prefix,
    afterKey,
    nextAt,
  ]);
}

export async function condemnObjects(
  tx: Transaction,
  keys: readonly string[],
  now: Date,
): Promise<void> {
  await tx.query(
    `INSERT INTO condemned_objects (key, condemned_at) SELECT key, $2::timestamptz FROM unnest($1::text[]) AS key
     ON CONFLICT (key) DO NOTHING`,
    [keys, now],
  );
}

/** Objects under a prefix that were condemned before, and are not deleted. */
export async function condemnedObjects(
  tx: Transaction,
  prefix: string,
  before: Date,
  limit: number,
): Promise<readonly string[]> {
  const rows = await tx.query<{ key: string }>(
    `SELECT key FROM condemned_objects
     WHERE starts_with(key, $1) AND condemned_at <= $2 AND deleted_at IS NULL ORDER BY key LIMIT $3`,
    [prefix, before, limit],
  );
  return rows.map(({ key }) => key);
}

export async function spareObjects(tx: Transaction, keys: readonly string[]): Promise<void> {
  await tx.query(
    'DELETE FROM condemned_objects WHERE key = ANY($1::text[]) AND deleted_at IS NULL',
    [keys],
  );
}

/** From now on nobody names them without storing them again. Returns those that are still condemned. */
export async function markObjectsDeleted(
  tx: Transaction,
  keys: readonly string[],
  now: Date,
): Promise<readonly string[]> {
  const rows = await tx.query<{ key: string }>(
    `UPDATE condemned_objects SET deleted_at = $2 WHERE key = ANY($1::text[]) AND deleted_at IS NULL
     RETURNING key`,
    [keys, now],
  );
  return rows.map(({ key }) => key);
}

export async function forgetDeletedObjects(tx: Transaction, before: Date): Promise<void> {
  await tx.query('DELETE FROM condemned_objects WHERE deleted_at <= $1', [before]);
}
