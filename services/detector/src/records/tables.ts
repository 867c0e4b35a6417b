import type { EventData, PhotoReference, RunReference } from '@deepstyle/contracts';
import { createQueryBuilder, type TablesWith } from '@deepstyle/storage';
import type { CheckpointReference } from '@deepstyle/training';
import type { Tables } from '../gen/tables.ts';
import type { Hyperparameters } from '../training/hyperparameters.ts';
import type { EvaluationRecord } from './models.ts';

/** A garment found in a photograph, as its event says it. */
export type DetectionRecord = EventData<'deepstyle.photo.detected.v1'>['detections'][number];

export type DetectorTables = TablesWith<
  Tables,
  {
    detections: { detections: readonly DetectionRecord[] };
    models: { hyperparameters: object | null; evaluation: EvaluationRecord | null };
    runPhotos: { photo: PhotoReference };
    runs: { reference: RunReference | null };
    trainings: { hyperparameters: Hyperparameters; checkpoint: CheckpointReference | null };
  }
>;

export const { db, insertRows, recordset } = createQueryBuilder<DetectorTables>();
