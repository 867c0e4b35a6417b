/** The api's side of detection: puts a run's photographs into its queue, and gives them to workers. */
import type { EventData, RunReference } from '@deepstyle/contracts';
import { NO_DETECTOR } from '@deepstyle/contracts/request-rules';
import {
  groupCommit,
  newestReferences,
  noteRunChange,
  referencesAhead,
  retriesOf,
} from '@deepstyle/service';
import type { Transaction } from '@deepstyle/storage';
import type { Ports } from '../ports.ts';
import {
  closeRun,
  detectionsByModel,
  lockRuns,
  openRun,
  type QueuedPhoto,
  queuePhotos,
  type RunRecord,
  requeueFailed,
  runsById,
  saveReference,
} from '../records.ts';
import { announceDetections } from './announce-detections.ts';

type PhotoStored = EventData<'deepstyle.photo.stored.v1'>;
type ScrapeCompleted = EventData<'deepstyle.scrape.completed.v1'>;

/** Each may be repeated and come in any order. */
export interface PhotoQueue {
  readonly photoStored: (data: PhotoStored) => Promise<void>;
  readonly scrapeCompleted: (data: ScrapeCompleted) => Promise<void>;
  readonly runChanged: (data: EventData<'deepstyle.run.changed.v1'>) => Promise<void>;
}

export const DETECT_JOB = 'detector-detect';

/** Photographs that come while others are written share a transaction and a job. */
const MAX_GROUP = 64;

export function createPhotoQueue(ports: Ports): PhotoQueue {
  const { database, clock } = ports;
  const queue = groupCommit(MAX_GROUP, (photos: readonly PhotoStored[]) =>
    database.transaction('detector.queuePhotos', (tx) => queueAll(tx, ports, photos)),
  );
  return {
    photoStored: async (data) => {
      if (data.run.detector !== NO_DETECTOR) await queue(data);
    },
    scrapeCompleted: ({ run, photos }) =>
      database.transaction('detector.closeRun', async (tx) => {
        const [known] = await holdRuns(tx, ports, [run]);
        // From before a retry, the scraper closes the run once more.
        if (retriesOf(known?.reference ?? run) > retriesOf(run)) return;
        await closeRun(tx, run.id, photos, clock());
      }),
    runChanged: (change) =>
      database.transaction('detector.changeRun', async (tx) => {
        const { run, revision, state } = change;
        await holdRuns(tx, ports, [run]);
        const before = await noteRunChange(tx, change);
        const isResumed = before?.isCanceled === true && state === 'open';
        if (isResumed && run.detector !== NO_DETECTOR)
          await enqueueJob(tx, ports, run.id, `change-${revision}`);
      }),
  };
}

/**
 * Holds the runs that events name until the transaction ends, and returns them as they are known then. An event of a later
 * retry than was known is as good as the change itself, which may still be on its way.
 */
async function holdRuns(
  tx: Transaction,
  ports: Ports,
  references: readonly RunReference[],
): Promise<readonly RunRecord[]> {
  const newest = newestReferences(references);
  const held = await lockRuns(tx, [...newest.values()], ports.clock());
  const ahead = referencesAhead(newest, held);
  for (const reference of ahead) {
    const known = held.find(({ id }) => id === reference.id);
    await bringUpToDate(tx, ports, known, reference);
  }
  return ahead.length === 0 ? held : runsById(tx, [...newest.keys()]);
}

/** Keeps what an event says of a run; what failed before its retry is tried again. */
async function bringUpToDate(
  tx: Transaction,
  ports: Ports,
  known: RunRecord | undefined,
  reference: RunReference,
): Promise<void> {
  const { id } = reference;
  const retries = retriesOf(reference);
  await saveReference(tx, reference);
  if (retries === retriesOf(known?.reference ?? {})) return;
  await openRun(tx, id, ports.clock());
  if (known?.failed === 0) return;
  await requeueFailed(tx, id);
  await enqueueJob(tx, ports, id, `retry-${retries}`);
}

async function queueAll(
  tx: Transaction,
  ports: Ports,
  photos: readonly PhotoStored[],
): Promise<readonly undefined[]> {
  const runs = await holdRuns(
    tx,
    ports,
    photos.map(({ run }) => run),
  );
  const fresh = await queuePhotos(
    tx,
    photos.map(({ run, photo }): QueuedPhoto => ({ runId: run.id, photo })),
  );
  for (const { id, reference, isCanceled } of runs) {
    // Those of a canceled run wait for the job that comes when it is resumed.
    if (isCanceled || reference === null) continue;
    const ids = fresh.filter(({ runId }) => runId === id).map(({ photoId }) => photoId);
    if (ids.length > 0) await enqueue(tx, ports, reference, ids);
  }
  return photos.map(() => undefined);
}

/** What the run's model has seen before it need not see again; the rest goes to a worker. */
async function enqueue(
  tx: Transaction,
  ports: Ports,
  run: RunReference,
  photoIds: readonly string[],
): Promise<void> {
  const known = await detectionsByModel(tx, run.detector, photoIds);
  await announceDetections(tx, ports, run, known);
  // One job for all of them, named by one of them.
  if (known.length < photoIds.length) await enqueueJob(tx, ports, run.id, `${photoIds[0]}`);
}

/** @param occasion names the job, as the bus drops a second one of a name */
async function enqueueJob(
  tx: Transaction,
  { outbox }: Ports,
  runId: string,
  occasion: string,
): Promise<void> {
  const job = `${DETECT_JOB}:${runId}:${occasion}`;
  await outbox.enqueue(tx, DETECT_JOB, { runId, job }, job);
}
