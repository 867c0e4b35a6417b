import type { RunReference } from '@deepstyle/contracts';
import { createQueryBuilder, type ObjectReference, type TablesWith } from '@deepstyle/storage';
import type { CheckpointReference } from '@deepstyle/training';
import type { Tables } from '../gen/tables.ts';
import type { Hyperparameters } from '../training/hyperparameters.ts';

/** A garment that a model was trained on, and how far from an image it is. */
export interface NearestGarment {
  readonly garmentId: string;
  readonly distance: number;
}

export type GanTrainerTables = TablesWith<
  Tables,
  {
    generatedDesigns: {
      latent: readonly number[];
      image: ObjectReference;
      nearest: readonly NearestGarment[];
    };
    models: { hyperparameters: object };
    trainings: {
      run: RunReference;
      hyperparameters: Hyperparameters | null;
      checkpoint: CheckpointReference | null;
    };
  }
>;

export const { db, insertRows } = createQueryBuilder<GanTrainerTables>();
