import type { EventData } from '@deepstyle/contracts';
import type { Transaction } from '@deepstyle/storage';
import { jsonOf } from './columns.ts';

/** A garment found in a photograph, as its event says it. */
export type DetectionRecord = EventData<'deepstyle.photo.detected.v1'>['detections'][number];

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
  await tx.query(
    `INSERT INTO detections (model_id, photo_id, detections, detected_at)
     SELECT f ->> 'modelId', f ->> 'photoId', f -> 'detections', $2 FROM jsonb_array_elements($1::jsonb) AS f
     ON CONFLICT (model_id, photo_id) DO NOTHING`,
    [JSON.stringify(found), now],
  );
}

/** What a model found in photographs that it has looked at, in any run. */
export async function detectionsByModel(
  tx: Transaction,
  modelId: string,
  photoIds: readonly string[],
): Promise<PhotoDetections[]> {
  const rows = await tx.query<DetectionsRow>(
    `SELECT model_id, photo_id, detections FROM detections WHERE model_id = $1 AND photo_id = ANY($2::text[])`,
    [modelId, photoIds],
  );
  return rows.map(toDetections);
}

/** What the model that looked at it last found in each photograph. */
export async function newestDetections(
  tx: Transaction,
  photoIds: readonly string[],
): Promise<PhotoDetections[]> {
  const rows = await tx.query<DetectionsRow>(
    `SELECT DISTINCT ON (photo_id) model_id, photo_id, detections FROM detections
     WHERE photo_id = ANY($1::text[]) ORDER BY photo_id, detected_at DESC, model_id`,
    [photoIds],
  );
  return rows.map(toDetections);
}

interface DetectionsRow {
  model_id: string;
  photo_id: string;
  detections: unknown;
}

function toDetections(row: DetectionsRow): PhotoDetections {
  return {
    modelId: row.model_id,
    photoId: row.photo_id,
    detections: jsonOf(row.detections),
  };
}
