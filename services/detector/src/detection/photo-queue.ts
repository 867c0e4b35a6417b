/** The api's side of detection: puts a run's photographs into its queue, and gives them to workers. */
import type { EventData, RunReference } from '@deepstyle/contracts';
import { groupCommit } from '@deepstyle/service';
import type { Transaction } from '@deepstyle/storage';
import type { Ports } from '../ports.ts';
import {
  closeRun,
  detectionsByModel,
  type QueuedPhoto,
  queuePhotos,
  saveRuns,
} from '../records.ts';
import { NO_DETECTOR } from '../stage.ts';
import { announceDetections } from './announce-detections.ts';

type PhotoStored = EventData<'deepstyle.photo.stored.v1'>;
type ScrapeCompleted = EventData<'deepstyle.scrape.completed.v1'>;

/** Each may be repeated and come in any order. */
export interface PhotoQueue {
  readonly photoStored: (data: PhotoStored) => Promise<void>;
  readonly scrapeCompleted: (data: ScrapeCompleted) => Promise<void>;
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
        await saveRuns(tx, [run], clock());
        await closeRun(tx, run.id, photos, clock());
      }),
  };
}

async function queueAll(
  tx: Transaction,
  ports: Ports,
  photos: readonly PhotoStored[],
): Promise<readonly undefined[]> {
  const runs = new Map(photos.map(({ run }) => [run.id, run]));
  await saveRuns(tx, [...runs.values()], ports.clock());
  const fresh = await queuePhotos(
    tx,
    photos.map(({ run, photo }): QueuedPhoto => ({ runId: run.id, photo })),
  );
  for (const run of runs.values()) {
    const ids = fresh.filter(({ runId }) => runId === run.id).map(({ photoId }) => photoId);
    if (ids.length > 0) await enqueue(tx, ports, run, ids);
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
  if (known.length === photoIds.length) return;
  // One job for all of them, named by one of them.
  const job = `${DETECT_JOB}:${run.id}:${photoIds[0]}`;
  await ports.outbox.enqueue(tx, DETECT_JOB, { runId: run.id, job }, job);
}
