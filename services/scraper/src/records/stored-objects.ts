import { anyOf, createQueryBuilder, type Transaction } from '@deepstyle/storage';
import type { Tables } from '../gen/tables.ts';

const { db } = createQueryBuilder<Tables>();

/** Those of the keys that photographs are stored under. */
export async function photoObjects(
  tx: Transaction,
  keys: readonly string[],
): Promise<readonly string[]> {
  const rows = await db(tx)
    .selectFrom('photos')
    .select('objectKey')
    .where('id', '=', anyOf(keys.map((key) => key.slice(key.lastIndexOf('/') + 1))))
    .execute();
  return rows.map(({ objectKey }) => objectKey);
}
