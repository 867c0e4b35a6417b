import { createQueryBuilder, sql, type Transaction } from '@deepstyle/storage';
import type { Tables } from '../gen/tables.ts';

const { db } = createQueryBuilder<Tables>();

/** Open imports that have not moved since. */
export async function importsUnderWay(tx: Transaction, since: Date): Promise<readonly string[]> {
  const rows = await selectIdle(tx, since)
    .select('id')
    .where('state', 'in', ['WAITING', 'RUNNING'])
    .execute();
  return rows.map(({ id }) => id);
}

/** How many imports that have begun have not moved since. */
export async function countStalled(tx: Transaction, since: Date): Promise<number> {
  const { count } = await selectIdle(tx, since)
    .select(sql<number>`count(*)::int`.as('count'))
    .where('state', '=', 'RUNNING')
    .executeTakeFirstOrThrow();
  return count;
}

/** How many imports have failed since. */
export async function countFailed(tx: Transaction, since: Date): Promise<number> {
  const { count } = await db(tx)
    .selectFrom('imports')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('state', '=', 'FAILED')
    .where('updatedAt', '>=', since)
    .executeTakeFirstOrThrow();
  return count;
}

function selectIdle(tx: Transaction, since: Date) {
  return db(tx).selectFrom('imports').where('updatedAt', '<=', since);
}
