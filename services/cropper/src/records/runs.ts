import type { RunReference } from '@deepstyle/contracts';
import { newestReferences, RUN_IS_CANCELED } from '@deepstyle/service';
import { anyOf, json, jsonBuildObject, type Transaction } from '@deepstyle/storage';
import type { RunProgress } from '../run-progress.ts';
import { db, insertRows, recordset } from './tables.ts';

/** What of a run got lost before it came here. */
export interface ScrapeLosses {
  /** Why the scraper closed the run before all its sources were taken; null: it did not. */
  readonly incomplete: string | null;
  /** Sources that a fault of their host took. */
  readonly lost: number;
}

export interface RunRecord extends ScrapeLosses {
  readonly id: string;
  readonly reference: RunReference;
  readonly progress: RunProgress;
  readonly isCanceled: boolean;
  readonly updatedAt: Date;
}

/** Inserts the runs that are new and locks all of them until the transaction ends, in one order for everybody. */
export async function lockRuns(
  tx: Transaction,
  references: readonly RunReference[],
  now: Date,
): Promise<ReadonlyMap<string, RunRecord>> {
  const rows = [...newestReferences(references).values()]
    .map((reference) => ({ id: reference.id, reference, createdAt: now, updatedAt: now }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const ids = rows.map(({ id }) => id);
  await insertRows(tx, 'runs', ['id', 'reference', 'createdAt', 'updatedAt'], rows)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  await db(tx)
    .selectFrom('runs')
    .select('id')
    .where('id', '=', anyOf(ids))
    .orderBy('id')
    .forUpdate()
    .execute();
  // Read anew: what others wrote while this waited is seen only by a later statement.
  return new Map((await runsById(tx, ids)).map((run) => [run.id, run]));
}

export function runsById(tx: Transaction, ids: readonly string[]): Promise<readonly RunRecord[]> {
  return db(tx)
    .selectFrom('runs')
    .select([
      'id',
      'reference',
      'incomplete',
      'lost',
      'updatedAt',
      RUN_IS_CANCELED.as('isCanceled'),
    ])
    .select((of) =>
      jsonBuildObject({
        expected: of.ref('expected'),
        done: of.ref('done'),
        failed: of.ref('failed'),
        garments: of.ref('garments'),
        ready: of('readyAt', 'is not', null).$castTo<boolean>(),
      }).as('progress'),
    )
    .where('id', '=', anyOf(ids))
    .execute();
}

/** After lockRuns in the same transaction. */
export async function noteLosses(tx: Transaction, id: string, losses: ScrapeLosses): Promise<void> {
  await db(tx).updateTable('runs').set(losses).where('id', '=', id).execute();
}

/**
 * Opens a run once more, of which a later retry than was known is told, after lockRuns in the same transaction: what failed is
 * to come again, and the scraper closes it again.
 */
export async function reopenRun(
  tx: Transaction,
  reference: RunReference,
  now: Date,
): Promise<void> {
  const { id } = reference;
  await db(tx)
    .updateTable('runs')
    .set({ reference: json(reference), expected: null, failed: 0, readyAt: null, updatedAt: now })
    .where('id', '=', id)
    .execute();
  await db(tx)
    .updateTable('runPhotos')
    .set({ outcome: null, reason: null, attempts: 0 })
    .where('runId', '=', id)
    .where('outcome', '=', 'failed')
    .execute();
}

const PROGRESS_COLUMNS = ['id', 'expected', 'done', 'failed', 'garments', 'readyAt'] as const;

/** Writes how far the runs are, after lockRuns in the same transaction. */
export async function saveProgress(
  tx: Transaction,
  runs: readonly { readonly id: string; readonly progress: RunProgress }[],
  now: Date,
): Promise<void> {
  const rows = runs.map(({ id, progress: { ready, ...counts } }) => {
    return { id, ...counts, readyAt: ready ? now : null };
  });
  await db(tx)
    .updateTable('runs')
    .from(recordset('runs', PROGRESS_COLUMNS, rows, 'given'))
    .set((of) => ({
      expected: of.ref('given.expected'),
      done: of.ref('given.done'),
      failed: of.ref('given.failed'),
      garments: of.ref('given.garments'),
      updatedAt: now,
      readyAt: of.fn.coalesce('runs.readyAt', 'given.readyAt'),
    }))
    .whereRef('runs.id', '=', 'given.id')
    .execute();
}
