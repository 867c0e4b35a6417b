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
    .leftJoin('runPhotos', 'runPhotos.runId', 'runs.id')
    .leftJoin('detections', (join) =>
      join
        .onRef('detections.modelId', '=', 'runs.detector')
        .onRef('detections.photoId', '=', 'runPhotos.photoId'),
    )
    .select(['runs.id', 'runs.detector', 'runs.reference', 'runs.expected'])
    .select([
      sql<number>`count(*) filter (where run_photos.state = 'done')::int4`.as('done'),
      sql<number>`count(*) filter (where run_photos.state = 'failed')::int4`.as('failed'),
      sql<number>`coalesce(sum(jsonb_array_length(detections.detections))
        filter (where run_photos.state = 'done'), 0)::int4`.as('detections'),
      sql<Date>`greatest(runs.seen_at, runs.updated_at, max(run_photos.settled_at))`.as(
        'updatedAt',
      ),
    ])
    .where('runs.id', '=', anyOf(ids))
    .groupBy('runs.id')
    .execute();
}
