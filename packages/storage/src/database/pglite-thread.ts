import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DatabaseUnavailableError, DataFolderDamagedError } from '../errors.ts';
import type { PgliteAnswer, PgliteFailure, PgliteRequest } from './pglite-messages.ts';

type WithoutId<R> = R extends unknown ? Omit<R, 'id'> : never;

// data_corrupted, index_corrupted; undefined_file: a table has lost its file.
const DAMAGE = new Set(['XX001', 'XX002', '58P01']);

interface Waiter {
  readonly resolve: (rows: object[]) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Starts the thread and waits until PGlite has opened `postgres/` of the folder.
 *
 * @throws DataFolderDamagedError, DatabaseUnavailableError
 */
export async function startPgliteThread(
  workerUrl: string | URL,
  folder: string,
): Promise<PgliteThread> {
  const worker = new Worker(workerUrl, { workerData: { folder: join(folder, 'postgres') } });
  const thread = new PgliteThread(worker, folder);
  try {
    await thread.opened;
  } catch (error) {
    await worker.terminate();
    if (error instanceof DataFolderDamagedError) throw error;
    throw new DatabaseUnavailableError(`The embedded database in ${folder} does not open.`, error);
  }
  return thread;
}

/** The near side of the thread that owns a PGlite instance. */
export class PgliteThread {
  readonly #worker: Worker;
  readonly #folder: string;
  readonly #waiters = new Map<number, Waiter>();
  #isAlive = true;
  #lastId = 0;
  #onOpened: (problem?: Error) => void = () => undefined;
  readonly opened: Promise<void>;
  readonly ended: Promise<void>;

  constructor(worker: Worker, folder: string) {
    this.#worker = worker;
    this.#folder = folder;
    this.opened = new Promise((resolve, reject) => {
      this.#onOpened = (problem) => (problem === undefined ? resolve() : reject(problem));
    });
    worker.on('message', (answer: PgliteAnswer) => this.#onAnswer(answer));
    worker.on('error', (error) => this.#onEnd(error));
    this.ended = new Promise((resolve) => {
      worker.on('exit', (code) => {
        this.#onEnd(new Error(`its thread left with code ${code}`));
        resolve();
      });
    });
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  request(body: WithoutId<PgliteRequest>): Promise<object[]> {
    return new Promise((resolve, reject) => {
      if (!this.#isAlive) {
        reject(new DatabaseUnavailableError('The embedded database has ended.'));
        return;
      }
      this.#lastId += 1;
      this.#waiters.set(this.#lastId, { resolve, reject });
      this.#worker.postMessage({ ...body, id: this.#lastId });
    });
  }

  /** Ends the thread at once, as a crash would. */
  async kill(): Promise<void> {
    await this.#worker.terminate();
  }

  #onAnswer(answer: PgliteAnswer): void {
    switch (answer.kind) {
      case 'ready':
        this.#onOpened();
        return;
      case 'cannot-open':
        this.#onOpened(
          answer.isDamage
            ? new DataFolderDamagedError(this.#folder, answer.message)
            : new Error(answer.message),
        );
        return;
      case 'done':
        this.#takeWaiter(answer.id)?.resolve(answer.rows);
        return;
      case 'failed':
        this.#takeWaiter(answer.id)?.reject(this.#revive(answer.failure));
    }
  }

  #takeWaiter(id: number): Waiter | undefined {
    const waiter = this.#waiters.get(id);
    this.#waiters.delete(id);
    return waiter;
  }

  #revive({ message, fields }: PgliteFailure): Error {
    const error = Object.assign(new Error(message), fields);
    const isDamage = DAMAGE.has(fields.code ?? '');
    return isDamage ? new DataFolderDamagedError(this.#folder, message, error) : error;
  }

  #onEnd(cause: Error): void {
    this.#isAlive = false;
    this.#onOpened(cause);
    for (const waiter of this.#waiters.values()) {
      waiter.reject(new DatabaseUnavailableError('The embedded database ended.', cause));
    }
    this.#waiters.clear();
  }
}
