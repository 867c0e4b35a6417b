import { anyOf, type Transaction } from '@deepstyle/storage';
import { type DetectionRecord, db, insertRows } from './tables.ts';

/** What a model found in a photograph, the most certain first. */
export interface PhotoDetections {
  readonly modelId: string;
  readonly photoId: string;
  readonly detections: readonly DetectionRecord[];
}

/** Stores what a model found; what it found before stands. */
export async function saveDetections(
  tx: Transaction,
  found: readonly PhotoDetections[],
  now: Date,
): Promise<void> {
  const rows = found.map((one) => ({ ...one, detectedAt: now }));
  await insertRows(tx, 'detections', ['modelId', 'photoId', 'detections', 'detectedAt'], rows)
    .onConflict((conflict) => conflict.columns(['modelId', 'photoId']).doNothing())
    .execute();
}

/** What a model found in photographs that it has seen, in any run. */
export function detectionsByModel(
  tx: Transaction,
  modelId: string,
  photoIds: readonly string[],
): Promise<PhotoDetections[]> {
  return db(tx)
    .selectFrom('detections')
    .select(['modelId', 'photoId', 'detections'])
    .where('modelId', '=', modelId)
    .where('photoId', '=', anyOf(photoIds))
    .execute();
}

/** What the model that saw it last found in each photograph. */
export function newestDetections(
  tx: Transaction,
  photoIds: readonly string[],
): Promise<PhotoDetections[]> {
  return db(tx)
    .selectFrom('detections')
    .distinctOn('photoId')
    .select(['modelId', 'photoId', 'detections'])
    .where('photoId', '=', anyOf(photoIds))
    .orderBy('photoId')
    .orderBy('detectedAt', 'desc')
    .orderBy('modelId')
    .execute();
}
