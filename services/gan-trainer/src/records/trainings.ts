import type { RunReference } from '@deepstyle/contracts';
import type { Transaction } from '@deepstyle/storage';
import { StaleAttemptError } from '../errors.ts';
import type { Hyperparameters } from '../training/hyperparameters.ts';
import { dateOf, jsonOf } from './columns.ts';

export type TrainingState = 'queued' | 'running' | 'done' | 'skipped' | 'failed';
export type Outcome = 'trained' | 'reused' | 'skipped';

/** Where the newest checkpoint is, and the one with the lowest distance. */
export interface CheckpointReference {
  readonly key: string;
  readonly step: number;
  readonly best: { readonly key: string; readonly step: number } | null;
}

export interface Training {
  readonly runId: string;
  readonly run: RunReference;
  readonly season: string;
  readonly state: TrainingState;
  readonly manifestHash: string | null;
  readonly hyperparameters: Hyperparameters | null;
  readonly garments: number;
  readonly attempt: number;
  readonly crashes: number;
  readonly step: number;
  readonly steps: number | null;
  readonly detail: string | null;
  readonly checkpoint: CheckpointReference | null;
  readonly modelId: string | null;
  readonly outcome: Outcome | null;
  readonly reason: string | null;
  readonly updatedAt: Date;
}

/** Names the worker that may write: the run, and the attempt it took. */
export interface Fence {
  readonly runId: string;
  readonly attempt: number;
}

export interface ManifestGarment {
  readonly id: string;
  readonly imageKey: string;
}

const COLUMNS = `run_id, run, season, state, manifest_hash, hyperparameters, garments, attempt, crashes, step, steps, detail, checkpoint,
  model_id, outcome, reason, updated_at`;

interface TrainingRow {
  run_id: string;
  run: unknown;
  season: string;
  state: TrainingState;
  manifest_hash: string | null;
  hyperparameters: unknown;
  garments: number;
  attempt: number;
  crashes: number;
  step: number;
  steps: number | null;
  detail: string | null;
  checkpoint: unknown;
  model_id: string | null;
  outcome: Outcome | null;
  reason: string | null;
  updated_at: unknown;
}

function toTraining(row: TrainingRow): Training {
  return {
    runId: row.run_id,
    run: jsonOf(row.run),
    season: row.season,
    state: row.state,
    manifestHash: row.manifest_hash,
    hyperparameters: jsonOf(row.hyperparameters),
    garments: row.garments,
    attempt: row.attempt,
    crashes: row.crashes,
    step: row.step,
    steps: row.steps,
    detail: row.detail,
    checkpoint: jsonOf(row.checkpoint),
    modelId: row.model_id,
    outcome: row.outcome,
    reason: row.reason,
    updatedAt: dateOf(row.updated_at),
  };
}

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

export async function findTrainings(
  tx: Transaction,
  runIds: readonly string[],
): Promise<Training[]> {
  const rows = await tx.query<TrainingRow>(
    `select ${COLUMNS} from trainings where run_id = any($1::text[])`,
    [runIds],
  );
  return rows.map(toTraining);
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

export type Taking =
  | { readonly kind: 'taken'; readonly training: Training }
  /** Another worker's lease has not run out. */
  | { readonly kind: 'held' }
  /** It has its outcome, or was never planned. */
  | { readonly kind: 'closed' };

/** Makes the caller the one worker of the training, under the next attempt number. */
export async function takeTraining(
  tx: Transaction,
  runId: string,
  now: Date,
  leaseUntil: Date,
): Promise<Taking> {
  const taken = await tx.query<TrainingRow>(
    `update trainings
     set attempt = attempt + 1, crashes = crashes + 1, state = 'running', lease_until = $3, updated_at = $2
     where run_id = $1 and state in ('queued', 'running') and (lease_until is null or lease_until < $2)
     returning ${COLUMNS}`,
    [runId, now, leaseUntil],
  );
  const row = taken[0];
  if (row !== undefined) return { kind: 'taken', training: toTraining(row) };
  const open = await tx.query(
    `select run_id from trainings where run_id = $1 and state in ('queued', 'running')`,
    [runId],
  );
  return { kind: open.length === 1 ? 'held' : 'closed' };
}

/** Keeps the training with its worker. @throws StaleAttemptError */
export async function extendLease(tx: Transaction, fence: Fence, leaseUntil: Date): Promise<void> {
  await fenced(tx, fence, 'lease_until = $3', [leaseUntil]);
}

/** Gives the training back unharmed, so that the next worker need not wait. @throws StaleAttemptError */
export async function releaseTraining(tx: Transaction, fence: Fence): Promise<void> {
  await fenced(tx, fence, `lease_until = null, crashes = greatest(crashes - 1, 0)`, []);
}

/** Gives the training back after a failure that may pass. @throws StaleAttemptError */
export async function releaseFailedTraining(tx: Transaction, fence: Fence): Promise<void> {
  await fenced(tx, fence, 'lease_until = null', []);
}

/** @throws StaleAttemptError */
export async function writeProgress(
  tx: Transaction,
  fence: Fence,
  progress: {
    readonly step: number;
    readonly steps: number;
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
    readonly state: 'done' | 'skipped' | 'failed';
    readonly outcome: Outcome;
    readonly modelId: string | null;
    readonly reason: string;
    /** Steps that were done in all; null leaves them as they were reported. */
    readonly steps: number | null;
    readonly now: Date;
  },
): Promise<void> {
  await fenced(
    tx,
    fence,
    `state = $3, outcome = $4, model_id = $5, reason = $6, detail = $6, updated_at = $7, lease_until = null,
     checkpoint = null, step = coalesce($8, step), steps = coalesce($8, steps)`,
    [end.state, end.outcome, end.modelId, end.reason, end.now, end.steps],
  );
}

async function fenced(
  tx: Transaction,
  fence: Fence,
  assignments: string,
  values: readonly (string | number | Date | null)[],
): Promise<void> {
  const rows = await tx.query(
    `update trainings set ${assignments}
     where run_id = $1 and attempt = $2 and state = 'running' returning run_id`,
    [fence.runId, fence.attempt, ...values],
  );
  if (rows.length === 0) throw new StaleAttemptError(fence.runId, fence.attempt);
}
