import type { EventData, PhotoReference, RunReference } from '@deepstyle/contracts';
import { createQueryBuilder, type TablesWith } from '@deepstyle/storage';
import type { CheckpointReference } from '@deepstyle/training';
import type { Tables } from '../gen/tables.ts';
import type { Hyperparameters } from '../training/hyperparameters.ts';

/** A garment found in a photograph, as its event says it. */
export type DetectionRecord = EventData<'deepstyle.photo.detected.v1'>['detections'][number];

/** AP in [0, 1] of one category; null where the split has none of it. */
interface CategoryPrecision {
  readonly name: string;
  readonly ap: number | null;
  readonly ap50: number | null;
}

/** COCO's figures on images that the model was not trained on; null where there is nothing to measure by. */
export interface EvaluationRecord {
  readonly split: string;
  readonly images: number;
  readonly ap: number | null;
  readonly ap50: number | null;
  readonly ap75: number | null;
  readonly ap50ByType: number | null;
  readonly categories: readonly CategoryPrecision[];
  readonly detectionsKey: string;
}

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
