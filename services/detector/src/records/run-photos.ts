import type { PhotoReference } from '@deepstyle/contracts';
import { anyOf, type Transaction } from '@deepstyle/storage';
import { db, insertRows, recordset } from './tables.ts';

/** A photograph of a run that waits for detection. */
export interface QueuedPhoto {
  readonly runId: string;
  readonly photo: PhotoReference;
}

/** Puts photographs into their runs' queues; the ids of those that were not there yet, by run. */
export function queuePhotos(
  tx: Transaction,
  photos: readonly QueuedPhoto[],
): Promise<{ readonly runId: string; readonly photoId: string }[]> {
  const rows = photos.map(({ runId, photo }) => {
    return { runId, photoId: photo.id, photo, state: 'queued' as const };
  });
  return insertRows(tx, 'runPhotos', ['runId', 'photoId', 'photo', 'state'], rows)
    .onConflict((conflict) => conflict.columns(['runId', 'photoId']).doNothing())
    .returning(['runId', 'photoId'])
    .execute();
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
export function takePhotos(
  tx: Transaction,
  { runId, job, now, until }: PhotoTaker,
  limit: number,
  except: readonly string[],
): Promise<TakenPhoto[]> {
  return db(tx)
    .with('chosen', (with_) =>
      with_
        .selectFrom('runPhotos')
        .select('photoId')
        .where('runId', '=', runId)
        .where('state', '=', 'queued')
        .where((of) => of.not(of('photoId', '=', anyOf(except))))
        .where((of) =>
          of.or([
            of('takenBy', 'is', null),
            of('takenBy', '=', job),
            of('takenUntil', '<', now),
            // Written by a clock that was ahead: nobody takes photographs for that long.
            of('takenUntil', '>', new Date(2 * until.getTime() - now.getTime())),
          ]),
        )
        .orderBy('photoId')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .updateTable('runPhotos')
    .from('chosen')
    .set((of) => ({ takenBy: job, takenUntil: until, takings: of('takings', '+', 1) }))
    .where('runPhotos.runId', '=', runId)
    .whereRef('runPhotos.photoId', '=', 'chosen.photoId')
    .returning(['runPhotos.photo', 'runPhotos.attempts', 'runPhotos.takings'])
    .execute();
}

/** Gives back what a job has taken and not settled; `counted` where the taking counts as one that went wrong. */
export async function releasePhotos(
  tx: Transaction,
  runId: string,
  job: string,
  counted: boolean,
): Promise<void> {
  await db(tx)
    .updateTable('runPhotos')
    .set((of) => ({ ...GIVEN_BACK, takings: of('takings', '-', counted ? 0 : 1) }))
    .where('runId', '=', runId)
    .where('takenBy', '=', job)
    .where('state', '=', 'queued')
    .execute();
}

const GIVEN_BACK = { takenBy: null, takenUntil: null } as const;

export interface PhotoFailure {
  readonly photoId: string;
  readonly reason: string;
}

/** Notes tries that failed and will be repeated. */
export async function countAttempts(
  tx: Transaction,
  runId: string,
  failures: readonly PhotoFailure[],
): Promise<void> {
  await db(tx)
    .updateTable('runPhotos')
    .from(recordset('runPhotos', ['photoId', 'reason'], failures, 'given'))
    .set((of) => ({ attempts: of('runPhotos.attempts', '+', 1), reason: of.ref('given.reason') }))
    .where('runPhotos.runId', '=', runId)
    .whereRef('runPhotos.photoId', '=', 'given.photoId')
    .where('runPhotos.state', '=', 'queued')
    .execute();
}

/** Settles photographs, each once; those that were still waiting. */
export async function settlePhotos(
  tx: Transaction,
  runId: string,
  photoIds: readonly string[],
  now: Date,
): Promise<PhotoReference[]> {
  const settled = await db(tx)
    .updateTable('runPhotos')
    .set({ ...GIVEN_BACK, state: 'done', reason: null, settledAt: now })
    .where('runId', '=', runId)
    .where('photoId', '=', anyOf(photoIds))
    .where('state', '=', 'queued')
    .returning('photo')
    .execute();
  return settled.map(({ photo }) => photo);
}

/** Settles photographs as failed, each once; those that were still waiting. */
export function failPhotos(
  tx: Transaction,
  runId: string,
  failures: readonly PhotoFailure[],
  now: Date,
): Promise<PhotoFailure[]> {
  return db(tx)
    .updateTable('runPhotos')
    .from(recordset('runPhotos', ['photoId', 'reason'], failures, 'given'))
    .set((of) => ({
      ...GIVEN_BACK,
      state: 'failed' as const,
      reason: of.ref('given.reason'),
      settledAt: now,
    }))
    .where('runPhotos.runId', '=', runId)
    .whereRef('runPhotos.photoId', '=', 'given.photoId')
    .where('runPhotos.state', '=', 'queued')
    .returning(['runPhotos.photoId', 'runPhotos.reason'])
    .$narrowType<{ reason: string }>()
    .execute();
}

/** Puts the photographs of a run that failed into its queue again, as if they had come now. */
export async function requeueFailed(tx: Transaction, runId: string): Promise<void> {
  await db(tx)
    .updateTable('runPhotos')
    .set({ state: 'queued', attempts: 0, takings: 0, reason: null, settledAt: null })
    .where('runId', '=', runId)
    .where('state', '=', 'failed')
    .execute();
}

/** How a photograph of a run ended. */
export interface EndedPhoto {
  readonly id: string;
  readonly photo: PhotoReference;
  /** Why it failed; null where it is done. */
  readonly failure: string | null;
}

/** The photographs of a run that are settled, by id. */
export async function endedPhotos(
  tx: Transaction,
  runId: string,
  after: string,
  limit: number,
): Promise<readonly EndedPhoto[]> {
  const rows = await db(tx)
    .selectFrom('runPhotos')
    .select(['photoId as id', 'photo', 'state', 'reason'])
    .where('runId', '=', runId)
    .where('state', '<>', 'queued')
    .where('photoId', '>', after)
    .orderBy('photoId')
    .limit(limit)
    .execute();
  return rows.map(({ id, photo, state, reason }) => {
    return { id, photo, failure: state === 'failed' ? (reason ?? '') : null };
  });
}
