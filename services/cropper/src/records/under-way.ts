import { NO_DETECTOR } from '@deepstyle/contracts/request-rules';
import { RUN_IS_CANCELED } from '@deepstyle/service';
import { sql, type Transaction } from '@deepstyle/storage';
import { db } from './tables.ts';

/** How many open runs have not moved since. */
export async function countStalled(tx: Transaction, since: Date): Promise<number> {
  const { count } = await db(tx)
    .selectFrom('runs')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('readyAt', 'is', null)
    .where(sql<boolean>`not ${RUN_IS_CANCELED}`)
    .where('updatedAt', '<=', since)
    .executeTakeFirstOrThrow();
  return count;
}

/** How many runs have ended without a garment since. */
export async function countFailed(tx: Transaction, since: Date): Promise<number> {
  const { count } = await db(tx)
    .selectFrom('runs')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('readyAt', '>=', since)
    .where('garments', '=', 0)
    .executeTakeFirstOrThrow();
  return count;
}

/** Runs that were ready since, by id. */
export function runsReadySince(tx: Transaction, since: Date, after: string, limit: number) {
  return db(tx)
    .selectFrom('runs')
    .select(['id', 'readyAt'])
    .where('readyAt', '>=', since)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Open runs with a detector that have moved since. */
export async function openDetectedRuns(tx: Transaction, since: Date): Promise<readonly string[]> {
  const rows = await db(tx)
    .selectFrom('runs')
    .select('id')
    .where('readyAt', 'is', null)
    .where(sql<boolean>`not ${RUN_IS_CANCELED}`)
    .where('updatedAt', '>=', since)
    .where((of) => of(of.ref('reference', '->>').key('detector'), '<>', NO_DETECTOR))
    .execute();
  return rows.map(({ id }) => id);
}
