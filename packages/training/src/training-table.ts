import type { ServiceName } from '@deepstyle/contracts';
import { anyOf, createQueryBuilder, json, sql, type Transaction } from '@deepstyle/storage';
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
  /** queued, running, canceled, or how it ended. */
  readonly state: State;
  /** Takings so far. */
  readonly attempt: number;
  /** Seconds of work since the last checkpoint, over all takings. */
  readonly unsavedSeconds: number;
  /** Steps done, and in all; null where that is not known yet. */
  readonly step: number;
  readonly steps: number | null;
  readonly detail: string | null;
  /** Null before the first and after the end. */
  readonly checkpoint: CheckpointReference | null;
  readonly updatedAt: Date;
}

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
  /** It has ended, is canceled, or was never asked for. */
  | { readonly kind: 'closed' };

/** What `trainings` holds in every service that trains, beside a key and columns of its own. */
interface TrainingColumns extends Omit<TrainingJob, 'id'> {
  readonly leaseUntil: Date | null;
}

const { db } = createQueryBuilder<{ trainings: TrainingColumns }>();

/** How often a working worker says so. */
export const HEARTBEAT_SECONDS = 4;

/** States of a training that is to be done. */
const OPEN = ['queued', 'running'];

export interface TrainingEnd<T extends TrainingJob> {
  readonly state: Exclude<T['state'], 'queued' | 'running' | 'canceled'>;
  readonly detail: string;
  /** Steps that were done in all; null leaves them as they were reported. */
  readonly steps: number | null;
  readonly now: Date;
}

/**
 * The table `trainings` of a service. `attempt` is the fence: each worker that takes the training raises it, and so does who
 * cancels it; every later write of an earlier worker is refused with its transaction.
 *
 * @typeParam T the row: with an id, and the service's own columns
 */
export class TrainingTable<T extends TrainingJob> {
  readonly service: ServiceName;
  readonly #key: ReturnType<typeof sql.ref<string>>;

  /** @param key column of the id */
  constructor(service: ServiceName, key: string) {
    this.service = service;
    this.#key = sql.ref<string>(key);
  }

  async find(tx: Transaction, ids: readonly string[]): Promise<T[]> {
    const rows = db(tx)
      .selectFrom('trainings')
      .selectAll()
      .select(this.#key.as('id'))
      .where(this.#key, '=', anyOf(ids));
    return rows.$castTo<T>().execute();
  }

  /** Keys of the objects that the checkpoints of some trainings are. */
  async checkpointKeys(tx: Transaction, ids: readonly string[]): Promise<string[]> {
    const checkpoints = (await this.find(tx, ids)).map(({ checkpoint }) => checkpoint);
    return checkpoints.flatMap((checkpoint) =>
      [checkpoint?.key, checkpoint?.best?.key].filter((key) => key !== undefined),
    );
  }

  /** Ids of those that have not ended, that no worker has, and that have not moved since. */
  async underWay(tx: Transaction, since: Date): Promise<string[]> {
    const rows = await db(tx)
      .selectFrom('trainings')
      .select(this.#key.as('id'))
      .where('state', 'in', OPEN)
      .where('updatedAt', '<=', since)
      .where((of) => of.or([of('leaseUntil', 'is', null), of('leaseUntil', '<=', since)]))
      .execute();
    return rows.map(({ id }) => id);
  }

  /** How many are with a worker and have not moved since. */
  async countStalled(tx: Transaction, since: Date): Promise<number> {
    const { count } = await db(tx)
      .selectFrom('trainings')
      .select(sql<number>`count(*)::int`.as('count'))
      .where('state', '=', 'running')
      .where('updatedAt', '<=', since)
      .executeTakeFirstOrThrow();
    return count;
  }

  /** How many have failed since. */
  async countFailed(tx: Transaction, since: Date): Promise<number> {
    const { count } = await db(tx)
      .selectFrom('trainings')
      .select(sql<number>`count(*)::int`.as('count'))
      .where('state', '=', 'failed')
      .where('updatedAt', '>=', since)
      .executeTakeFirstOrThrow();
    return count;
  }

  /**
   * Makes the caller the one worker of the training, under the next attempt number. It counts as a heartbeat's work, as a
   * worker that is killed before its first one does not count it.
   */
  async take(tx: Transaction, id: string, now: Date, leaseUntil: Date): Promise<Taking<T>> {
    const [training] = await db(tx)
      .updateTable('trainings')
      .set((of) => ({
        attempt: of('attempt', '+', 1),
        unsavedSeconds: of('unsavedSeconds', '+', HEARTBEAT_SECONDS),
        state: 'running',
        leaseUntil,
        updatedAt: now,
      }))
      .where(this.#key, '=', id)
      .where('state', 'in', OPEN)
      .where((of) =>
        of.or([
          of('leaseUntil', 'is', null),
          of('leaseUntil', '<', now),
          // Written by a clock that was ahead: no lease is that long.
          of('leaseUntil', '>', new Date(2 * leaseUntil.getTime() - now.getTime())),
        ]),
      )
      .returningAll()
      .returning(this.#key.as('id'))
      .$castTo<T>()
      .execute();
    if (training !== undefined) return { kind: 'taken', training };
    const open = await db(tx)
      .selectFrom('trainings')
      .select('state')
      .where(this.#key, '=', id)
      .where('state', 'in', OPEN)
      .execute();
    return { kind: open.length === 1 ? 'held' : 'closed' };
  }

  /** Keeps other workers from taking the training until the transaction ends. @throws StaleAttemptError */
  async hold(tx: Transaction, fence: Fence): Promise<void> {
    await this.#write(tx, fence, { attempt: fence.attempt });
  }

  /** The heartbeat: extends the time in which no other worker can take the training. @throws StaleAttemptError */
  async extendLease(tx: Transaction, fence: Fence, leaseUntil: Date): Promise<void> {
    const unsavedSeconds = sql<number>`unsaved_seconds + ${HEARTBEAT_SECONDS}`;
    await this.#write(tx, fence, { leaseUntil, unsavedSeconds });
  }

  /** Gives the training back, so that the next worker need not wait. @throws StaleAttemptError */
  async release(tx: Transaction, fence: Fence): Promise<void> {
    await this.#write(tx, fence, { leaseUntil: null });
  }

  /** @throws StaleAttemptError */
  async writeProgress(
    tx: Transaction,
    fence: Fence,
    progress: Pick<TrainingJob, 'step' | 'steps'> & { readonly detail: string; readonly now: Date },
  ): Promise<void> {
    const { step, steps, detail, now } = progress;
    await this.#write(tx, fence, { step, steps, detail, updatedAt: now });
  }

  /** @throws StaleAttemptError */
  async writeCheckpoint(
    tx: Transaction,
    fence: Fence,
    checkpoint: CheckpointReference,
    now: Date,
  ): Promise<void> {
    await this.#write(tx, fence, {
      checkpoint: json(checkpoint),
      unsavedSeconds: 0,
      updatedAt: now,
    });
  }

  /**
   * Ends the training.
   *
   * @param own columns of the service that say how
   * @throws StaleAttemptError where another worker has it or it has ended
   */
  async close(
    tx: Transaction,
    fence: Fence,
    { state, detail, steps, now }: TrainingEnd<T>,
    own: Partial<Omit<T, keyof TrainingJob>> = {},
  ): Promise<void> {
    await this.#write(tx, fence, {
      ...own,
      state,
      detail,
      updatedAt: now,
      leaseUntil: null,
      checkpoint: null,
      ...(steps === null ? {} : { step: steps, steps }),
    });
  }

  /** Stops a training that has not ended: its worker may write no more, and none takes it. Its checkpoint stays. */
  async cancel(tx: Transaction, id: string, now: Date): Promise<void> {
    await db(tx)
      .updateTable('trainings')
      .set((of) => ({
        attempt: of('attempt', '+', 1),
        state: 'canceled',
        leaseUntil: null,
        updatedAt: now,
      }))
      .where(this.#key, '=', id)
      .where('state', 'in', OPEN)
      .execute();
  }

  /** Has a canceled training wait for a worker, who goes on from its checkpoint; false where it is not canceled. */
  async resume(tx: Transaction, id: string, now: Date): Promise<boolean> {
    const resumed = await db(tx)
      .updateTable('trainings')
      .set({ state: 'queued', updatedAt: now })
      .where(this.#key, '=', id)
      .where('state', '=', 'canceled')
      .returning('state')
      .execute();
    return resumed.length === 1;
  }

  async #write(tx: Transaction, fence: Fence, values: object): Promise<void> {
    const { trainingId, attempt } = fence;
    const rows = await db(tx)
      .updateTable('trainings')
      .set(values)
      .where(this.#key, '=', trainingId)
      .where('attempt', '=', attempt)
      .where('state', '=', 'running')
      .returning('attempt')
      .execute();
    if (rows.length === 0) throw new StaleAttemptError(trainingId, attempt);
  }
}
