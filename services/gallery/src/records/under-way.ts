import { sql, type Transaction } from '@deepstyle/storage';
import { db } from './tables.ts';

/** Released runs whose publishing has not moved since and is not over, as far as what has come of them allows. */
export async function releasedUnderWay(tx: Transaction, since: Date): Promise<readonly string[]> {
  const rows = await selectIdle(tx, since)
    .select('id')
    .where('releasedAt', 'is not', null)
    .execute();
  return rows.map(({ id }) => id);
}

/** How many runs whose publishing is under way have not moved since. */
export async function countStalled(tx: Transaction, since: Date): Promise<number> {
  const { count } = await selectIdle(tx, since)
    .select(sql<number>`count(*)::int`.as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** But for those that wait for their model: a training may take long. */
function selectIdle(tx: Transaction, since: Date) {
  return db(tx)
    .selectFrom('runs')
    .where('state', '=', 'RUNNING')
    .where('updatedAt', '<=', since)
    .where((of) => of.or([of('garments', 'is', null), of('ganOutcome', 'is not', null)]));
}
