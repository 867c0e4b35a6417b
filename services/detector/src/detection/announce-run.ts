import type { RunReference } from '@deepstyle/contracts';
import { NotFoundError } from '@deepstyle/platform';
import { pagesById, sentAgain } from '@deepstyle/service';
import type { Transaction } from '@deepstyle/storage';
import type { Ports } from '../ports.ts';
import { detectionsByModel, type EndedPhoto, endedPhotos, runsById } from '../records.ts';
import { photoDetected, photoFailed } from './announce-detections.ts';

type AnnouncePorts = Pick<Ports, 'database' | 'outbox' | 'clock'>;

/**
 * Publishes how the photographs of a run ended again, under new ids; returns how many.
 *
 * @param revision the change for which it is asked; 0: events were lost
 * @throws NotFoundError
 */
export async function announceRun(
  ports: AnnouncePorts,
  runId: string,
  revision: number,
): Promise<number> {
  const { database } = ports;
  const [run] = await database.transaction('detector.findRun', (tx) => runsById(tx, [runId]));
  if (run === undefined) throw new NotFoundError('run', runId);
  if (run.reference === null) return 0;
  const { reference } = run;
  let events = 0;
  const pages = pagesById((after, limit) =>
    database.transaction('detector.endedPhotos', (tx) => endedPhotos(tx, runId, after, limit)),
  );
  for await (const page of pages) {
    await database.transaction('detector.announceAgain', (tx) =>
      announcePage(tx, ports, reference, page, revision),
    );
    events += page.length;
  }
  return events;
}

async function announcePage(
  tx: Transaction,
  { outbox, clock }: AnnouncePorts,
  run: RunReference,
  page: readonly EndedPhoto[],
  revision: number,
): Promise<void> {
  const again = <Event extends { readonly id: string }>(event: Event): Event =>
    sentAgain(event, clock(), revision);
  const ids = page.map(({ id }) => id);
  const found = await detectionsByModel(tx, run.detector, ids);
  const byPhoto = new Map(found.map(({ photoId, detections }) => [photoId, detections]));
  const detected = page
    .filter(({ failure }) => failure === null)
    .map(({ id, photo }) => again(photoDetected(run, photo, byPhoto.get(id) ?? [])));
  const failed = page.flatMap(({ id, failure }) =>
    failure === null ? [] : [again(photoFailed(run, { photoId: id, reason: failure }))],
  );
  if (detected.length > 0) await outbox.publishAll(tx, 'deepstyle.photo.detected.v1', detected);
  if (failed.length > 0) await outbox.publishAll(tx, 'deepstyle.photo.failed.v1', failed);
}
