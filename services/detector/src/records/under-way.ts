import { RUN_IS_CANCELED } from '@deepstyle/service';
import { anyOf, sql, type Transaction } from '@deepstyle/storage';
import { db } from './tables.ts';

/**
 * Runs with photographs that wait for a job: that no job has, or one whose time was up at `since`, or lies beyond `latest`,
 * as only a clock that was ahead writes it. A canceled run waits for nothing.
 */
export async function runsToDetect(
  tx: Transaction,
  since: Date,
  latest: Date,
): Promise<readonly string[]> {
  const rows = await db(tx)
    .selectFrom('runs')
    .select('id')
    .where('reference', 'is not', null)
    .where(sql<boolean>`not ${RUN_IS_CANCELED}`)
    .where((of) =>
      of.exists(
        of
          .selectFrom('runPhotos')
          .select('photoId')
          .whereRef('runId', '=', 'runs.id')
          .where('runPhotos.state', '=', 'queued')
          .where((photo) =>
            photo.or([
              photo('takenBy', 'is', null),
              photo('takenUntil', '<=', since),
              photo('takenUntil', '>', latest),
            ]),
          ),
      ),
    )
    .execute();
  return rows.map(({ id }) => id);
}

/** How many runs have photographs to be settled, none of which was since. */
export async function countStalledRuns(tx: Transaction, since: Date): Promise<number> {
  const { count } = await db(tx)
    .selectFrom('runs')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('detector', '<>', 'none')
    .where(sql<boolean>`not ${RUN_IS_CANCELED}`)
    .where((of) => of(of.fn.coalesce('updatedAt', 'seenAt'), '<=', since))
    .where(sql<boolean>`(expected is null or expected > done + failed)`)
    .executeTakeFirstOrThrow();
  return count;
}

/** How many runs have ended since without a photograph that could be processed. */
export async function countFailedRuns(tx: Transaction, since: Date): Promise<number> {
  const { count } = await db(tx)
    .selectFrom('runs')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('detector', '<>', 'none')
    .where('updatedAt', '>=', since)
    .where(sql<boolean>`done = 0 and failed > 0 and failed >= expected`)
    .executeTakeFirstOrThrow();
  return count;
}

/** How much of some runs has arrived here: their photographs, and whether the scraper has closed them. */
export function arrivals(tx: Transaction, ids: readonly string[]) {
  return db(tx)
    .selectFrom('runs')
    .select(['id', 'detector', 'expected'])
    .select(
      sql<number>`done + failed + (select count(*)::int from run_photos p
        where p.run_id = runs.id and p.state = 'queued')`.as('photos'),
    )
    .where('id', '=', anyOf(ids))
    .execute();
}
