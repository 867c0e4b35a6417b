import type { PhotoReference } from '@deepstyle/contracts';
import type { Transaction } from '@deepstyle/storage';
import { jsonOf } from './columns.ts';

/** A photograph of a run that waits to be looked at. */
export interface QueuedPhoto {
  readonly runId: string;
  readonly photo: PhotoReference;
}

/** Puts photographs into their runs' queues; the ids of those that were not there yet, by run. */
export async function queuePhotos(
  tx: Transaction,
  photos: readonly QueuedPhoto[],
): Promise<{ readonly runId: string; readonly photoId: string }[]> {
  const rows = await tx.query<{ run_id: string; photo_id: string }>(
    `INSERT INTO run_photos (run_id, photo_id, photo, state)
     SELECT q ->> 'runId', q -> 'photo' ->> 'id', q -> 'photo', 'queued'
     FROM jsonb_array_elements($1::jsonb) AS q
     ON CONFLICT (run_id, photo_id) DO NOTHING RETURNING run_id, photo_id`,
    [JSON.stringify(photos)],
  );
  return rows.map((row) => ({ runId: row.run_id, photoId: row.photo_id }));
}

/** A photograph that a job has taken. */
export interface TakenPhoto {
  readonly photo: PhotoReference;
  /** Tries that failed. */
  readonly attempts: number;
  /** Takings, this one included. */
  readonly takings: number;
}

/** Whose work it is: a job takes its own photographs again at once, others' once their time is up. */
export interface PhotoTaker {
  readonly runId: string;
  readonly job: string;
  readonly now: Date;
  readonly until: Date;
}

/** Takes photographs from a run's queue; none of `except`, and none that another job has. */
export async function takePhotos(
  tx: Transaction,
  { runId, job, now, until }: PhotoTaker,
  limit: number,
  except: readonly string[],
): Promise<TakenPhoto[]> {
  const rows = await tx.query<{ photo: unknown; attempts: number; takings: number }>(
    `WITH chosen AS (
       SELECT photo_id FROM run_photos
       WHERE run_id = $1 AND state = 'queued' AND photo_id <> ALL($5::text[])
         AND (taken_by IS NULL OR taken_by = $2 OR taken_until < $3)
       ORDER BY photo_id LIMIT $6 FOR UPDATE SKIP LOCKED)
     UPDATE run_photos AS p SET taken_by = $2, taken_until = $4, takings = takings + 1
     FROM chosen WHERE p.run_id = $1 AND p.photo_id = chosen.photo_id
     RETURNING p.photo, p.attempts, p.takings`,
    [runId, job, now, until, except, limit],
  );
  return rows.map(({ photo, attempts, takings }) => ({ photo: jsonOf(photo), attempts, takings }));
}

/** Gives back what a job has taken and not settled; `counted` where the taking counts as one that went wrong. */
export async function releasePhotos(
  tx: Transaction,
  runId: string,
  job: string,
  counted: boolean,
): Promise<void> {
  await tx.query(
    `UPDATE run_photos SET taken_by = NULL, taken_until = NULL, takings = takings - $3
     WHERE run_id = $1 AND taken_by = $2 AND state = 'queued'`,
    [runId, job, counted ? 0 : 1],
  );
}

/** Notes tries that failed and will be repeated. */
export async function countAttempts(
  tx: Transaction,
  runId: string,
  failures: readonly PhotoFailure[],
): Promise<void> {
  await tx.query(
    `UPDATE run_photos AS p SET attempts = attempts + 1, reason = f ->> 'reason'
     FROM jsonb_array_elements($2::jsonb) AS f
     WHERE p.run_id = $1 AND p.photo_id = f ->> 'photoId' AND p.state = 'queued'`,
    [runId, JSON.stringify(failures)],
  );
}

export interface PhotoFailure {
  readonly photoId: string;
  readonly reason: string;
}

/** Settles photographs, each once; those that were still waiting. */
export async function settlePhotos(
  tx: Transaction,
  runId: string,
  photoIds: readonly string[],
  now: Date,
): Promise<PhotoReference[]> {
  const rows = await tx.query<{ photo: unknown }>(
    `UPDATE run_photos SET state = 'done', reason = NULL, settled_at = $3, taken_by = NULL, taken_until = NULL
     WHERE run_id = $1 AND photo_id = ANY($2::text[]) AND state = 'queued' RETURNING photo`,
    [runId, photoIds, now],
  );
  return rows.map(({ photo }) => jsonOf(photo));
}

/** Settles photographs as failed, each once; those that were still waiting. */
export async function failPhotos(
  tx: Transaction,
  runId: string,
  failures: readonly PhotoFailure[],
  now: Date,
): Promise<PhotoFailure[]> {
  const rows = await tx.query<{ photo_id: string; reason: string }>(
    `UPDATE run_photos AS p
     SET state = 'failed', reason = f ->> 'reason', settled_at = $3, taken_by = NULL, taken_until = NULL
     FROM jsonb_array_elements($2::jsonb) AS f
     WHERE p.run_id = $1 AND p.photo_id = f ->> 'photoId' AND p.state = 'queued'
     RETURNING p.photo_id, p.reason`,
    [runId, JSON.stringify(failures), now],
  );
  return rows.map((row) => ({ photoId: row.photo_id, reason: row.reason }));
}
