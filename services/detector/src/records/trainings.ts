import type { Transaction } from '@deepstyle/storage';
import { type TrainingJob, TrainingTable } from '@deepstyle/training';
import type { Labels } from '../identity.ts';
import type { Hyperparameters } from '../training/hyperparameters.ts';

export type TrainingState = 'queued' | 'running' | 'done' | 'failed';

/** Its id is that of the model that it gives. */
export interface Training extends TrainingJob<TrainingState> {
  readonly datasetId: string;
  readonly labels: Labels;
  readonly hyperparameters: Hyperparameters;
  readonly createdAt: Date;
}

interface TrainingRow {
  dataset_id: string;
  labels: Labels;
  hyperparameters: Hyperparameters;
  created_at: Date;
}

export const trainings = new TrainingTable<Training>({
  service: 'detector',
  key: 'id',
  toTraining: (job, row: TrainingRow) => ({
    ...job,
    datasetId: row.dataset_id,
    labels: row.labels,
    hyperparameters: row.hyperparameters,
    createdAt: row.created_at,
  }),
});

/** True where the training is new, or had failed and begins again: then it waits for a worker. */
export async function queueTraining(
  tx: Transaction,
  training: Pick<Training, 'id' | 'datasetId' | 'labels' | 'hyperparameters'>,
  now: Date,
): Promise<boolean> {
  const { id, datasetId, labels, hyperparameters } = training;
  const rows = await tx.query(
    `INSERT INTO trainings AS t (id, dataset_id, labels, hyperparameters, state, created_at, updated_at)
     VALUES ($1, $2, $3, $4::jsonb, 'queued', $5, $5)
     ON CONFLICT (id) DO UPDATE SET state = 'queued', detail = NULL, step = 0, steps = NULL, crashes = 0,
       updated_at = excluded.updated_at
     WHERE t.state = 'failed' RETURNING id`,
    [id, datasetId, labels, JSON.stringify(hyperparameters), now],
  );
  return rows.length === 1;
}

export async function trainingOfRequest(
  tx: Transaction,
  idempotencyKey: string,
): Promise<Training | null> {
  const [request] = await tx.query<{ training_id: string }>(
    'SELECT training_id FROM training_requests WHERE idempotency_key = $1',
    [idempotencyKey],
  );
  if (request === undefined) return null;
  const [training] = await trainings.find(tx, [request.training_id]);
  return training ?? null;
}

export async function saveRequest(
  tx: Transaction,
  idempotencyKey: string,
  trainingId: string,
  now: Date,
): Promise<void> {
  await tx.query(
    `INSERT INTO training_requests (idempotency_key, training_id, created_at) VALUES ($1, $2, $3)
     ON CONFLICT (idempotency_key) DO NOTHING`,
    [idempotencyKey, trainingId, now],
  );
}
