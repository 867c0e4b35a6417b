import type { RunReference } from '@deepstyle/contracts';
import type { Selectable, TablesWith, Transaction } from '@deepstyle/storage';
import {
  type CheckpointReference,
  fenceOf,
  type TrainingEnd,
  TrainingTable,
} from '@deepstyle/training';
import type { Tables } from '../gen/tables.ts';
import type { Hyperparameters } from '../training/hyperparameters.ts';

type GanTrainerTables = TablesWith<
  Tables,
  {
    trainings: {
      run: RunReference;
      hyperparameters: Hyperparameters | null;
      checkpoint: CheckpointReference | null;
    };
  }
>;

/** Its id is that of its run. */
export type Training = Readonly<Selectable<GanTrainerTables['trainings']>> & {
  readonly id: string;
};

export type TrainingState = Training['state'];
export type Outcome = NonNullable<Training['outcome']>;

export interface ManifestGarment {
  readonly id: string;
  readonly imageKey: string;
}

export const trainings = new TrainingTable<Training>('gan-trainer', 'run_id');

/** False where the run is planned already. */
export async function insertTraining(
  tx: Transaction,
  training: {
    readonly run: RunReference;
    readonly state: TrainingState;
    readonly manifestHash: string | null;
    readonly hyperparameters: Hyperparameters | null;
    readonly garments: number;
    readonly outcome: Outcome | null;
    readonly modelId: string | null;
    readonly reason: string | null;
    readonly now: Date;
  },
): Promise<boolean> {
  const { run, now } = training;
  const rows = await tx.query(
    `insert into trainings (run_id, run, season, state, manifest_hash, hyperparameters, garments, outcome, model_id,
       reason, detail, created_at, updated_at)
     values ($1, $2::jsonb, $3, $4, $5, $6::jsonb, $7, $8, $9, $10, $10, $11, $11)
     on conflict (run_id) do nothing returning run_id`,
    [
      run.id,
      JSON.stringify(run),
      run.season,
      training.state,
      training.manifestHash,
      training.hyperparameters === null ? null : JSON.stringify(training.hyperparameters),
      training.garments,
      training.outcome,
      training.modelId,
      training.reason,
      now,
    ],
  );
  return rows.length === 1;
}

/** Pins the manifest of a planned training. */
export async function insertTrainingGarments(
  tx: Transaction,
  runId: string,
  garments: readonly ManifestGarment[],
): Promise<void> {
  await tx.query(
    `insert into training_garments (run_id, garment_id, image_key)
     select $1, garment_id, image_key from unnest($2::text[], $3::text[]) as g (garment_id, image_key)
     on conflict do nothing`,
    [runId, garments.map(({ id }) => id), garments.map(({ imageKey }) => imageKey)],
  );
}

/** The manifest, by garment id. */
export async function listTrainingGarments(
  tx: Transaction,
  runId: string,
): Promise<ManifestGarment[]> {
  const rows = await tx.query<{ garment_id: string; image_key: string }>(
    'select garment_id, image_key from training_garments where run_id = $1',
    [runId],
  );
  // Sorted here: the order decides over the split, and collations differ between databases.
  return rows
    .map((row) => ({ id: row.garment_id, imageKey: row.image_key }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Runs whose training was planned before, newest first, with garments of the same detector. */
export async function earlierRuns(
  tx: Transaction,
  run: RunReference,
  most: number,
): Promise<string[]> {
  const rows = await tx.query<{ run_id: string }>(
    `select run_id from trainings where run_id <> $1 and run->>'detector' = $2
     order by created_at desc, run_id limit $3`,
    [run.id, run.detector, most],
  );
  return rows.map(({ run_id }) => run_id);
}

/** Ends the training with its outcome. @throws StaleAttemptError where another worker has it or it has ended */
export async function closeTraining(
  tx: Transaction,
  training: Pick<Training, 'id' | 'attempt'>,
  end: Omit<TrainingEnd<Training>, 'detail'> & {
    readonly outcome: Outcome;
    readonly modelId: string | null;
    readonly reason: string;
  },
): Promise<void> {
  const { outcome, modelId, reason, ...rest } = end;
  const own = { outcome, modelId, reason };
  await trainings.close(tx, fenceOf(training), { ...rest, detail: reason }, own);
}
