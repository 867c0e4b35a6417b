import type { RunReference } from '@deepstyle/contracts';
import { anyOf, sql, type Transaction } from '@deepstyle/storage';
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
  readonly updatedAt: Date;
}

/** Remembers a run; what was first said of it stands. */
export async function saveRuns(
  tx: Transaction,
  runs: readonly RunReference[],
  now: Date,
): Promise<void> {
  const rows = runs.map((reference) => {
    return { id: reference.id, detector: reference.detector, reference, seenAt: now };
  });
  await insertRows(tx, 'runs', ['id', 'detector', 'reference', 'seenAt'], rows)
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet((of) => ({ reference: of.ref('excluded.reference') }))
        .where('runs.reference', 'is', null),
    )
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
    .select(sql<Date>`greatest(seen_at, updated_at)`.as('updatedAt'))
    .where('id', '=', anyOf(ids))
    .execute();
}
