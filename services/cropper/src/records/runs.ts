import type { RunReference } from '@deepstyle/contracts';
import { anyOf, jsonBuildObject, type Transaction } from '@deepstyle/storage';
import type { RunProgress } from '../run-progress.ts';
import { db, insertRows, recordset } from './tables.ts';

export interface RunRecord {
  readonly id: string;
  readonly reference: RunReference;
  readonly progress: RunProgress;
  /** Why the scraper closed the run before all its sources were taken; null: it did not. */
  readonly incomplete: string | null;
  readonly updatedAt: Date;
}

/** Inserts the runs that are new and locks all of them until the transaction ends, in one order for everybody. */
export async function lockRuns(
  tx: Transaction,
  references: readonly RunReference[],
  now: Date,
): Promise<ReadonlyMap<string, RunRecord>> {
  const byId = new Map(references.map((reference) => [reference.id, reference]));
  const ids = [...byId.keys()].sort();
  const rows = [...byId.values()].map((reference) => {
    return { id: reference.id, reference, createdAt: now, updatedAt: now };
  });
  await insertRows(tx, 'runs', ['id', 'reference', 'createdAt', 'updatedAt'], rows)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  const locked = await selectRuns(tx, ids).orderBy('id').forUpdate().execute();
  return new Map(locked.map((run) => [run.id, run]));
}

export function runsById(tx: Transaction, ids: readonly string[]): Promise<readonly RunRecord[]> {
  return selectRuns(tx, ids).execute();
}

function selectRuns(tx: Transaction, ids: readonly string[]) {
  return db(tx)
    .selectFrom('runs')
    .select(['id', 'reference', 'incomplete', 'updatedAt'])
    .select((of) =>
      jsonBuildObject({
        expected: of.ref('expected'),
        done: of.ref('done'),
        failed: of.ref('failed'),
        garments: of.ref('garments'),
        ready: of('readyAt', 'is not', null).$castTo<boolean>(),
      }).as('progress'),
    )
    .where('id', '=', anyOf(ids));
}

/** After lockRuns in the same transaction. */
export async function noteIncomplete(
  tx: Transaction,
  id: string,
  incomplete: string | null,
): Promise<void> {
  await db(tx).updateTable('runs').set({ incomplete }).where('id', '=', id).execute();
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
