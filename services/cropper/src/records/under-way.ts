import { sql, type Transaction } from '@deepstyle/storage';
import { db } from './tables.ts';

/** How many open runs have not moved since. */
export async function countStalled(tx: Transaction, since: Date): Promise<number> {
  const { count } = await db(tx)
    .selectFrom('runs')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('readyAt', 'is', null)
    .where('updatedAt', '<=', since)
    .executeTakeFirstOrThrow();
  return count;
}
