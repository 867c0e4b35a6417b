import { createQueryBuilder, sql, type Transaction } from '@deepstyle/storage';
import type { Tables } from '../gen/tables.ts';

const { db } = createQueryBuilder<Tables>();

/** Open runs that have not moved since. */
export async function runsUnderWay(tx: Transaction, since: Date): Promise<readonly string[]> {
  const rows = await selectIdle(tx, since).select('id').execute();
  return rows.map(({ id }) => id);
}

/** Runs that have changed since, by id. */
export function runsChangedSince(tx: Transaction, since: Date, after: string, limit: number) {
  return db(tx)
    .selectFrom('runs')
    .select(['id', 'stored', 'state', 'revision', 'updatedAt'])
    .where('updatedAt', '>=', since)
    .where(after === '' ? sql<boolean>`true` : sql<boolean>`id > ${after}`)
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** How many runs whose collecting has begun have not moved since. */
export async function countStalled(tx: Transaction, since: Date): Promise<number> {
  const { count } = await selectIdle(tx, since)
    .select(sql<number>`count(*)::int`.as('count'))
    .whereRef('updatedAt', '>', 'createdAt')
    .executeTakeFirstOrThrow();
  return count;
}

/** How many runs have failed since. */
export async function countFailed(tx: Transaction, since: Date): Promise<number> {
  const { count } = await db(tx)
    .selectFrom('runs')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('state', '=', 'FAILED')
    .where('updatedAt', '>=', since)
    .executeTakeFirstOrThrow();
  return count;
}

function selectIdle(tx: Transaction, since: Date) {
  return db(tx)
    .selectFrom('runs')
    .where('state', '=', 'RUNNING')
    .where('canceledAt', 'is', null)
    .where('updatedAt', '<=', since);
}
