import type { RunReference } from '@deepstyle/contracts';
import { RUN_IS_CANCELED } from '@deepstyle/service';
import { anyOf, json, sql, type Transaction } from '@deepstyle/storage';
import { db, insertRows } from './tables.ts';

/** What a run pinned at its start, and how far its detection is. */
export interface RunRecord {
  readonly id: string;
  /** The id of a model, or `none`. */
  readonly detector: string;
  /** Null of a run that began before references were kept. */
  readonly reference: RunReference | null;
  /** Member photographs; null until the scraper has closed the run. */
  readonly expected: number | null;
  readonly done: number;
  readonly failed: number;
  /** Garments found so far. */
  readonly detections: number;
  readonly isCanceled: boolean;
  readonly updatedAt: Date;
}

/** Inserts the runs that are new and holds all of them until the transaction ends, in one order for everybody. */
export async function lockRuns(
  tx: Transaction,
  runs: readonly RunReference[],
  now: Date,
): Promise<RunRecord[]> {
  const rows = runs
    .map((reference) => {
      return { id: reference.id, detector: reference.detector, reference, seenAt: now };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const ids = rows.map(({ id }) => id);
  await insertRows(tx, 'runs', ['id', 'detector', 'reference', 'seenAt'], rows)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  await db(tx)
    .selectFrom('runs')
    .select('id')
    .where('id', '=', anyOf(ids))
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
  // Read anew: what others wrote while this waited is seen only by a later statement.
  return runsById(tx, ids);
}

/** Keeps what is now said of a run, after lockRuns. */
export async function saveReference(tx: Transaction, reference: RunReference): Promise<void> {
  await db(tx)
    .updateTable('runs')
    .set({ reference: json(reference) })
    .where('id', '=', reference.id)
    .execute();
}

/** Forgets that the scraper has closed a run, after lockRuns: it will say so again. */
export async function openRun(tx: Transaction, runId: string, now: Date): Promise<void> {
  await db(tx)
    .updateTable('runs')
    .set({ expected: null, updatedAt: now })
    .where('id', '=', runId)
    .execute();
}

/** The scraper has closed the run. */
export async function closeRun(
  tx: Transaction,
  runId: string,
  photos: number,
  now: Date,
): Promise<void> {
  await db(tx)
    .updateTable('runs')
    .set({ expected: photos, updatedAt: now })
    .where('id', '=', runId)
    .where('expected', 'is', null)
    .execute();
}

export function runsById(tx: Transaction, ids: readonly string[]): Promise<RunRecord[]> {
  return db(tx)
    .selectFrom('runs')
    .select(['id', 'detector', 'reference', 'expected', 'done', 'failed', 'detections'])
    .select([
      RUN_IS_CANCELED.as('isCanceled'),
      sql<Date>`greatest(seen_at, updated_at)`.as('updatedAt'),
    ])
    .where('id', '=', anyOf(ids))
    .execute();
}
