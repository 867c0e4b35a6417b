import type { RunReference } from '@deepstyle/contracts';
import type { Transaction } from '@deepstyle/storage';
import { jsonOf } from './columns.ts';

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

/** Remembers a run; the first word on it stands. */
export async function saveRuns(
  tx: Transaction,
  runs: readonly RunReference[],
  now: Date,
): Promise<void> {
  await tx.query(
    `INSERT INTO runs (id, detector, reference, seen_at)
     SELECT r ->> 'id', r ->> 'detector', r, $2 FROM jsonb_array_elements($1::jsonb) AS r
     ON CONFLICT (id) DO UPDATE SET reference = excluded.reference WHERE runs.reference IS NULL`,
    [JSON.stringify(runs), now],
  );
}

/** The scraper has closed the run. */
export async function closeRun(
  tx: Transaction,
  runId: string,
  photos: number,
  now: Date,
): Promise<void> {
  await tx.query(
    'UPDATE runs SET expected = $2, updated_at = $3 WHERE id = $1 AND expected IS NULL',
    [runId, photos, now],
  );
}

export async function runsById(tx: Transaction, ids: readonly string[]): Promise<RunRecord[]> {
  const rows = await tx.query<{
    id: string;
    detector: string;
    reference: unknown;
    expected: number | null;
    done: number;
    failed: number;
    detections: number;
    updated_at: Date;
  }>(
    `SELECT r.id, r.detector, r.reference, r.expected,
       count(*) FILTER (WHERE p.state = 'done')::int4 AS done,
       count(*) FILTER (WHERE p.state = 'failed')::int4 AS failed,
       coalesce(sum(jsonb_array_length(d.detections)) FILTER (WHERE p.state = 'done'), 0)::int4 AS detections,
       greatest(r.seen_at, r.updated_at, max(p.settled_at)) AS updated_at
     FROM runs AS r
     LEFT JOIN run_photos AS p ON p.run_id = r.id
     LEFT JOIN detections AS d ON d.model_id = r.detector AND d.photo_id = p.photo_id
     WHERE r.id = ANY($1::text[]) GROUP BY r.id`,
    [ids],
  );
  return rows.map((row) => ({
    id: row.id,
    detector: row.detector,
    reference: jsonOf(row.reference),
    expected: row.expected,
    done: row.done,
    failed: row.failed,
    detections: row.detections,
    updatedAt: row.updated_at,
  }));
}
