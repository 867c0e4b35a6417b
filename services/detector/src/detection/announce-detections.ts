/** Settles photographs of a run and says so, in one transaction and each once. */
import type { EventData, PhotoReference, RunReference } from '@deepstyle/contracts';
import { idInRetry } from '@deepstyle/service';
import type { Transaction } from '@deepstyle/storage';
import type { Ports } from '../ports.ts';
import {
  type DetectionRecord,
  failPhotos,
  type PhotoDetections,
  type PhotoFailure,
  settlePhotos,
} from '../records.ts';

type Announcing = Pick<Ports, 'outbox' | 'clock'>;

export async function announceDetections(
  tx: Transaction,
  { outbox, clock }: Announcing,
  run: RunReference,
  found: readonly PhotoDetections[],
): Promise<void> {
  if (found.length === 0) return;
  const byPhoto = new Map(found.map(({ photoId, detections }) => [photoId, detections]));
  const settled = await settlePhotos(tx, run.id, [...byPhoto.keys()], clock());
  const events = settled.map((photo) => photoDetected(run, photo, byPhoto.get(photo.id) ?? []));
  if (events.length > 0) await outbox.publishAll(tx, 'deepstyle.photo.detected.v1', events);
}

export async function announceFailures(
  tx: Transaction,
  { outbox, clock }: Announcing,
  run: RunReference,
  failures: readonly PhotoFailure[],
): Promise<void> {
  if (failures.length === 0) return;
  const failed = await failPhotos(tx, run.id, failures, clock());
  const events = failed.map((failure) => photoFailed(run, failure));
  if (events.length > 0) await outbox.publishAll(tx, 'deepstyle.photo.failed.v1', events);
}

interface EventOf<Type extends 'deepstyle.photo.detected.v1' | 'deepstyle.photo.failed.v1'> {
  readonly data: EventData<Type>;
  readonly id: string;
}

export function photoDetected(
  run: RunReference,
  photo: PhotoReference,
  detections: readonly DetectionRecord[],
): EventOf<'deepstyle.photo.detected.v1'> {
  return {
    id: `photo.detected:${run.id}:${photo.id}`,
    data: { run, photo, detections: [...detections] },
  };
}

export function photoFailed(
  run: RunReference,
  { photoId, reason }: PhotoFailure,
): EventOf<'deepstyle.photo.failed.v1'> {
  return {
    id: idInRetry(`photo.failed:${run.id}:${photoId}:detect`, run),
    data: { run, photoId, stage: 'detect', reason },
  };
}
