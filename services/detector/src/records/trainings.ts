import type { Transaction } from '@deepstyle/storage';
import { StaleAttemptError } from '../errors.ts';
import type { Labels } from '../identity.ts';
import type { Hyperparameters } from '../training/hyperparameters.ts';
import { jsonOf } from './columns.ts';

export type TrainingState = 'queued' | 'running' | 'done' | 'failed';

/** Where the newest checkpoint is. */
export interface CheckpointReference {
  readonly key: string;
  readonly step: number;
}

export interface Training {
  /** Id of the model that it gives. */
  readonly id: string;
  readonly datasetId: string;
  readonly labels: Labels;
  readonly hyperparameters: Hyperparameters;
  readonly state: TrainingState;
  readonly attempt: number;
  readonly crashes: number;
  readonly step: number;
  readonly steps: number | null;
  readonly detail: string | null;
  readonly checkpoint: CheckpointReference | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Names the worker that may write: the training, and the attempt it took. */
export interface Fence {
  readonly trainingId: string;
  readonly attempt: number;
}

interface TrainingRow {
  id: string;
  dataset_id: string;
  labels: Labels;
  hyperparameters: unknown;
  state: TrainingState;
  attempt: number;
  crashes: number;
  step: number;
  steps: number | null;
  detail: string | null;
  checkpoint: unknown;
  created_at: Date;
  updated_at: Date;
}

const COLUMNS = `id, dataset_id, labels, hyperparameters, state, attempt, crashes, step, steps, detail, checkpoint,
  created_at, updated_at`;

function toTraining(row: TrainingRow): Training {
  return {
    id: row.id,
    datasetId: row.dataset_id,
    labels: row.labels,
    hyperparameters: jsonOf(row.hyperparameters),
    state: row.state,
    attempt: row.attempt,
    crashes: row.crashes,
    step: row.step,
    steps: row.steps,
    detail: row.detail,
    checkpoint: jsonOf(row.checkpoint),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

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

export async function trainingsById(tx: Transaction, ids: readonly string[]): Promise<Training[]> {
  const rows = await tx.query<TrainingRow>(
    `SELECT ${COLUMNS} FROM trainings WHERE id = ANY($1::text[])`,
    [ids],
  );
  return rows.map(toTraining);
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
  const [training] = await trainingsById(tx, [request.training_id]);
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

export type Taking =
  | { readonly kind: 'taken'; readonly training: Training }
  /** Another worker's lease has not run out. */
  | { readonly kind: 'held' }
  /** It has ended, or was never asked for. */
  | { readonly kind: 'closed' };

/** Makes the caller the one worker of the training, under the next attempt number. */
export async function takeTraining(
  tx: Transaction,
  id: string,
  now: Date,
  leaseUntil: Date,
): Promise<Taking> {
  const [row] = await tx.query<TrainingRow>(
    `UPDATE trainings
     SET attempt = attempt + 1, crashes = crashes + 1, state = 'running', lease_until = $3, updated_at = $2
     WHERE id = $1 AND state IN ('queued', 'running') AND (lease_until IS NULL OR lease_until < $2)
     RETURNING ${COLUMNS}`,
    [id, now, leaseUntil],
  );
  if (row !== undefined) return { kind: 'taken', training: toTraining(row) };
  const open = await tx.query(
    `SELECT id FROM trainings WHERE id = $1 AND state IN ('queued', 'running')`,
    [id],
  );
  return { kind: open.length === 1 ? 'held' : 'closed' };
}

/** Keeps the training with its worker. @throws StaleAttemptError */
export async function extendLease(tx: Transaction, fence: Fence, leaseUntil: Date): Promise<void> {
  await fenced(tx, fence, 'lease_until = $3', [leaseUntil]);
}

/** Gives the training back unharmed, so that the next worker need not wait. @throws StaleAttemptError */
export async function releaseTraining(tx: Transaction, fence: Fence): Promise<void> {
  await fenced(tx, fence, 'lease_until = NULL, crashes = greatest(crashes - 1, 0)', []);
}

/** Gives the training back after a failure that may pass. @throws StaleAttemptError */
export async function releaseFailedTraining(tx: Transaction, fence: Fence): Promise<void> {
  await fenced(tx, fence, 'lease_until = NULL', []);
}

/** @throws StaleAttemptError */
export async function writeProgress(
  tx: Transaction,
  fence: Fence,
  progress: {
    readonly step: number;
    readonly steps: number | null;
    readonly detail: string;
    readonly now: Date;
  },
): Promise<void> {
  await fenced(tx, fence, 'step = $3, steps = $4, detail = $5, updated_at = $6', [
    progress.step,
    progress.steps,
    progress.detail,
    progress.now,
  ]);
}

/** @throws StaleAttemptError */
export async function writeCheckpoint(
  tx: Transaction,
  fence: Fence,
  checkpoint: CheckpointReference,
  now: Date,
): Promise<void> {
  await fenced(tx, fence, 'checkpoint = $3::jsonb, crashes = 0, updated_at = $4', [
    JSON.stringify(checkpoint),
    now,
  ]);
}

/** Ends the training. @throws StaleAttemptError where another worker has it or it has ended */
export async function closeTraining(
  tx: Transaction,
  fence: Fence,
  end: {
    readonly state: 'done' | 'failed';
    readonly detail: string;
    /** Steps that were done in all; null leaves them as they were reported. */
    readonly steps: number | null;
    readonly now: Date;
  },
): Promise<void> {
  await fenced(
    tx,
    fence,
    `state = $3, detail = $4, updated_at = $5, lease_until = NULL, checkpoint = NULL,
     step = coalesce($6, step), steps = coalesce($6, steps)`,
    [end.state, end.detail, end.now, end.steps],
  );
}

async function fenced(
  tx: Transaction,
  fence: Fence,
  assignments: string,
  values: readonly (string | number | Date | null)[],
): Promise<void> {
  const rows = await tx.query(
    `UPDATE trainings SET ${assignments}
     WHERE id = $1 AND attempt = $2 AND state = 'running' RETURNING id`,
    [fence.trainingId, fence.attempt, ...values],
  );
  if (rows.length === 0) throw new StaleAttemptError(fence.trainingId, fence.attempt);
}
