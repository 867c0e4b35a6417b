import { RUN_IS_CANCELED } from '@deepstyle/service';
import { sql, type Transaction } from '@deepstyle/storage';
import { db } from './tables.ts';

/** Runs that a person let go on, whose publishing has not moved since and is not over, as far as what has come of them allows. */
export async function letGoOnUnderWay(tx: Transaction, since: Date): Promise<readonly string[]> {
  const rows = await selectIdle(tx, since)
    .leftJoin('runChanges', 'runChanges.runId', 'runs.id')
    .select('id')
    .where('readyAt', 'is not', null)
    .where((of) => of.or([of('releasedAt', 'is not', null), of('revision', '>', 0)]))
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

/** How many runs have ended without what they should have published since. */
export async function countFailed(tx: Transaction, since: Date): Promise<number> {
  const { count } = await db(tx)
    .selectFrom('runs')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('state', '=', 'FAILED')
    .where('updatedAt', '>=', since)
    .executeTakeFirstOrThrow();
  return count;
}

/** How many runs a person has to decide about. */
export async function countHeld(tx: Transaction): Promise<number> {
  const { count } = await db(tx)
    .selectFrom('runs')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('state', '=', 'HELD')
    .where(sql<boolean>`not ${RUN_IS_CANCELED}`)
    .executeTakeFirstOrThrow();
  return count;
}

/** But for those that wait for their model or, tried again, for their garments: that may take long. */
function selectIdle(tx: Transaction, since: Date) {
  return db(tx)
    .selectFrom('runs')
    .where('state', '=', 'RUNNING')
    .where('updatedAt', '<=', since)
    .where(sql<boolean>`not ${RUN_IS_CANCELED}`)
    .where((of) =>
      of.or([
        of('ganOutcome', 'is not', null),
        of.and([of('garments', 'is', null), of('readyAt', 'is not', null)]),
      ]),
    );
}
