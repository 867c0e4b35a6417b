import type { Database, Transaction } from '@deepstyle/storage';
import DataLoader from 'dataloader';

type Find<Row> = (tx: Transaction, keys: readonly string[]) => Promise<readonly Row[]>;

/**
 * Loads rows by key, one statement for all keys of a request; null where there is none.
 *
 * @param holder names the transaction, e.g. `cropper.graph.garments`
 */
export function oneByKey<Row>(
  database: Database,
  holder: string,
  find: Find<Row>,
  keyOf: (row: Row) => string,
): DataLoader<string, Row | null> {
  return new DataLoader(async (keys) => {
    const rows = await database.transaction(holder, (tx) => find(tx, keys));
    const byKey = new Map(rows.map((row) => [keyOf(row), row]));
    return keys.map((key) => byKey.get(key) ?? null);
  });
}

/** As `oneByKey`, where a key may have several rows; in the order in which they were found. */
export function manyByKey<Row>(
  database: Database,
  holder: string,
  find: Find<Row>,
  keyOf: (row: Row) => string,
): DataLoader<string, readonly Row[]> {
  return new DataLoader(async (keys) => {
    const rows = await database.transaction(holder, (tx) => find(tx, keys));
    const byKey = new Map<string, Row[]>(keys.map((key) => [key, []]));
    for (const row of rows) byKey.get(keyOf(row))?.push(row);
    return keys.map((key) => byKey.get(key) ?? []);
  });
}
