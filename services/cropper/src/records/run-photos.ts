import { sql, type Transaction } from '@deepstyle/storage';
import { db, insertRows, recordset } from './tables.ts';

export interface RunPhoto {
  readonly runId: string;
  readonly photoId: string;
}

export interface OutcomeRecord extends RunPhoto {
  readonly outcome: 'done' | 'failed';
  readonly reason: string | null;
}

/** Those of the photographs that are settled in their run. */
export function settledPhotos(
  tx: Transaction,
  photos: readonly RunPhoto[],
): Promise<readonly RunPhoto[]> {
  return (
    db(tx)
      .selectFrom(recordset('runPhotos', ['runId', 'photoId'], photos, 'asked'))
      // Its limit has each photograph looked up: joined, all of the run may be read for a few.
      .innerJoinLateral(
        (of) =>
          of
            .selectFrom('runPhotos')
            .select('runPhotos.outcome')
            .whereRef('runPhotos.runId', '=', 'asked.runId')
            .whereRef('runPhotos.photoId', '=', 'asked.photoId')
            .where('runPhotos.outcome', 'is not', null)
            .limit(1)
            .as('settled'),
        (join) => join.onTrue(),
      )
      .select(['asked.runId', 'asked.photoId'])
      .execute()
  );
}

/** Whether photographs of a run are known and not settled: tried in vain, or to come again. */
export async function hasUnsettled(tx: Transaction, runId: string): Promise<boolean> {
  const found = await db(tx)
    .selectFrom('runPhotos')
    .select('photoId')
    .where('runId', '=', runId)
    .where('outcome', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

/** Why some photographs of a run failed. */
interface FailureCause {
  readonly reason: string;
  readonly photos: number;
}

const MAX_CAUSE = 300;

/** Why photographs of a run failed, most frequent first. What names an object or a photograph is left out, so that alike causes are one. */
export function failureCauses(
  tx: Transaction,
  runId: string,
  limit: number,
): Promise<FailureCause[]> {
  const cause = sql<string>`left(regexp_replace(reason, '\\S*[0-9a-f]{32,}\\S*', '…', 'g'), ${sql.lit(MAX_CAUSE)})`;
  return db(tx)
    .selectFrom('runPhotos')
    .select([cause.as('reason'), sql<number>`count(*)::int`.as('photos')])
    .where('runId', '=', runId)
    .where('outcome', '=', 'failed')
    .where('reason', 'is not', null)
    .groupBy(cause)
    .orderBy('photos', 'desc')
    .orderBy(cause)
    .limit(limit)
    .execute();
}

export async function saveOutcomes(
  tx: Transaction,
  outcomes: readonly OutcomeRecord[],
): Promise<void> {
  await insertRows(tx, 'runPhotos', ['runId', 'photoId', 'outcome', 'reason'], outcomes)
    .onConflict((conflict) =>
      conflict
        .columns(['runId', 'photoId'])
        .doUpdateSet((of) => ({
          outcome: of.ref('excluded.outcome'),
          reason: of.ref('excluded.reason'),
        }))
        .where('runPhotos.outcome', 'is', null),
    )
    .execute();
}

/** Counts an attempt at a photograph that failed, after lockRuns; the number of them so far. */
export async function countAttempt(
  tx: Transaction,
  photo: RunPhoto,
  reason: string,
): Promise<number> {
  const { attempts } = await db(tx)
    .insertInto('runPhotos')
    .values({ ...photo, attempts: 1, reason })
    .onConflict((conflict) =>
      conflict
        .columns(['runId', 'photoId'])
        .doUpdateSet((of) => ({ attempts: of('runPhotos.attempts', '+', 1) })),
    )
    .returning('attempts')
    .executeTakeFirstOrThrow();
  return attempts;
}
