import type { ServiceName } from '@deepstyle/contracts';
import type { SqlValue, Transaction } from '@deepstyle/storage';
import { StaleAttemptError } from './errors.ts';

/** Where the newest checkpoint is, and that of the best step where there is one. */
export interface CheckpointReference {
  readonly key: string;
  readonly step: number;
  readonly best?: { readonly key: string; readonly step: number } | null;
}

/** What the work on a training goes by; each service's record adds what is trained. */
export interface TrainingJob<State extends string = string> {
  readonly id: string;
  /** queued, running, or how it ended. */
  readonly state: State;
  /** Takings so far. */
  readonly attempt: number;
  /** Takings since the last checkpoint. */
  readonly crashes: number;
  /** Steps done, and in all; null where that is not known yet. */
  readonly step: number;
  readonly steps: number | null;
  readonly detail: string | null;
  /** Null before the first and after the end. */
  readonly checkpoint: CheckpointReference | null;
  readonly updatedAt: Date;
}

type JobOf<T extends TrainingJob> = TrainingJob<T['state']>;

/** Names the worker that may write: the training, and the attempt that it took. */
export interface Fence {
  readonly trainingId: string;
  readonly attempt: number;
}

export function fenceOf({ id, attempt }: Pick<TrainingJob, 'id' | 'attempt'>): Fence {
  return { trainingId: id, attempt };
}

export type Taking<T> =
  | { readonly kind: 'taken'; readonly training: T }
  /** Another worker's lease has not run out. */
  | { readonly kind: 'held' }
  /** It has ended, or was never asked for. */
  | { readonly kind: 'closed' };

interface JobRow<T extends TrainingJob> extends Omit<JobOf<T>, 'id' | 'updatedAt'> {
  readonly updated_at: Date;
}

interface TrainingTableOptions<T extends TrainingJob> {
  readonly service: ServiceName;
  /** The column of the id. */
  readonly key: string;
  /** Adds what the service's own columns say. */
  toTraining(job: JobOf<T>, row: object): T;
}

/**
 * The table `trainings` of a service. Beside a key and columns of its own it has state (queued, running, or an end),
 * attempt, crashes, lease_until, step, steps, detail, checkpoint (jsonb) and updated_at. `attempt` is the fence: each
 * worker that takes the training raises it, and every later write of an earlier worker is refused with its transaction.
 */
export class TrainingTable<T extends TrainingJob> {
  readonly service: ServiceName;
  readonly #key: string;
  readonly #toTraining: (row: JobRow<T>) => T;

  constructor({ service, key, toTraining }: TrainingTableOptions<T>) {
    this.service = service;
    this.#key = key;
    this.#toTraining = (row) => {
      const { state, attempt, crashes, step, steps, detail, checkpoint } = row;
      const id = (row as unknown as Record<string, string>)[key] ?? '';
      const progress = { step, steps, detail, checkpoint, updatedAt: row.updated_at };
      return toTraining({ id, state, attempt, crashes, ...progress }, row);
    };
  }

  async find(tx: Transaction, ids: readonly string[]): Promise<T[]> {
    const rows = await tx.query<JobRow<T>>(
      `SELECT * FROM trainings WHERE ${this.#key} = ANY($1::text[])`,
      [ids],
    );
    return rows.map(this.#toTraining);
  }

  /** Makes the caller the one worker of the training, under the next attempt number. */
  async take(tx: Transaction, id: string, now: Date, leaseUntil: Date): Promise<Taking<T>> {
    const [row] = await tx.query<JobRow<T>>(
      `UPDATE trainings
       SET attempt = attempt + 1, crashes = crashes + 1, state = 'running', lease_until = $3, updated_at = $2
       WHERE ${this.#key} = $1 AND state IN ('queued', 'running') AND (lease_until IS NULL OR lease_until < $2)
       RETURNING *`,
      [id, now, leaseUntil],
    );
    if (row !== undefined) return { kind: 'taken', training: this.#toTraining(row) };
    const open = await tx.query(
      `SELECT 1 FROM trainings WHERE ${this.#key} = $1 AND state IN ('queued', 'running')`,
      [id],
    );
    return { kind: open.length === 1 ? 'held' : 'closed' };
  }

  /** Keeps other workers from taking the training until the transaction ends. @throws StaleAttemptError */
  async hold(tx: Transaction, fence: Fence): Promise<void> {
    await this.write(tx, fence, 'attempt = attempt', []);
  }

  /** Extends the time in which no other worker can take the training. @throws StaleAttemptError */
  async extendLease(tx: Transaction, fence: Fence, leaseUntil: Date): Promise<void> {
    await this.write(tx, fence, 'lease_until = $3', [leaseUntil]);
  }

  /** Gives the training back unharmed, so that the next worker need not wait. @throws StaleAttemptError */
  async release(tx: Transaction, fence: Fence): Promise<void> {
    await this.write(tx, fence, 'lease_until = NULL, crashes = greatest(crashes - 1, 0)', []);
  }

  /** Gives the training back after a failure that may pass. @throws StaleAttemptError */
  async releaseFailed(tx: Transaction, fence: Fence): Promise<void> {
    await this.write(tx, fence, 'lease_until = NULL', []);
  }

  /** @throws StaleAttemptError */
  async writeProgress(
    tx: Transaction,
    fence: Fence,
    progress: Pick<TrainingJob, 'step' | 'steps'> & { readonly detail: string; readonly now: Date },
  ): Promise<void> {
    const { step, steps, detail, now } = progress;
    const assignments = 'step = $3, steps = $4, detail = $5, updated_at = $6';
    await this.write(tx, fence, assignments, [step, steps, detail, now]);
  }

  /** @throws StaleAttemptError */
  async writeCheckpoint(
    tx: Transaction,
    fence: Fence,
    checkpoint: CheckpointReference,
    now: Date,
  ): Promise<void> {
    const assignments = 'checkpoint = $3::jsonb, crashes = 0, updated_at = $4';
    await this.write(tx, fence, assignments, [JSON.stringify(checkpoint), now]);
  }

  /** Ends the training. @throws StaleAttemptError where another worker has it or it has ended */
  async close(
    tx: Transaction,
    fence: Fence,
    end: {
      readonly state: Exclude<T['state'], 'queued' | 'running'>;
      readonly detail: string;
      /** Steps that were done in all; null leaves them as they were reported. */
      readonly steps: number | null;
      readonly now: Date;
    },
  ): Promise<void> {
    await this.write(
      tx,
      fence,
      `state = $3, detail = $4, updated_at = $5, lease_until = NULL, checkpoint = NULL,
       step = coalesce($6, step), steps = coalesce($6, steps)`,
      [end.state, end.detail, end.now, end.steps],
    );
  }

  /**
   * Writes columns of the training behind the fence.
   *
   * @param assignments as SQL, with `values` from $3 on
   * @throws StaleAttemptError
   */
  async write(
    tx: Transaction,
    fence: Fence,
    assignments: string,
    values: readonly SqlValue[],
  ): Promise<void> {
    const { trainingId, attempt } = fence;
    const rows = await tx.query(
      `UPDATE trainings SET ${assignments}
       WHERE ${this.#key} = $1 AND attempt = $2 AND state = 'running' RETURNING attempt`,
      [trainingId, attempt, ...values],
    );
    if (rows.length === 0) throw new StaleAttemptError(trainingId, attempt);
  }
}
