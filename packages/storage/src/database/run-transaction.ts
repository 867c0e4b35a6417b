import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseUnavailableError, TransactionTimeoutError } from '../errors.ts';
import type { SqlValue, Transaction } from './database.ts';
import { runningTime } from './running-time.ts';
import { describeSqlFailure, isConflict } from './sql-errors.ts';
import { encodeSqlValue, quoteIdentifier } from './sql-values.ts';

/** One session of PostgreSQL, held for one transaction. */
export interface Session {
  query(text: string, values: readonly (string | null)[]): Promise<object[]>;
  script(text: string): Promise<void>;
  /** Gives the session back. `isBroken`: a transaction may still be open on it. */
  release(isBroken: boolean): void;
}

export interface TransactionRun<T> {
  readonly schema: string;
  readonly holder: string;
  readonly limitMs: number;
  readonly work: (tx: Transaction) => Promise<T>;
  readonly acquire: () => Promise<Session>;
}

export const TRANSACTION_LIMIT_MS = 5000;
/** The server ends the session of a process that stands still, which cannot do so itself, after so many times the limit. */
const STANDSTILL = 3;
const ATTEMPTS = 4;

/** Runs `work` in one transaction, and again (3 times at most) after a conflict with another. */
export async function runTransaction<T>(run: TransactionRun<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const session = await run.acquire();
    try {
      return await new OpenTransaction(session, run).complete(run.work);
    } catch (error) {
      if (attempt >= ATTEMPTS || !isConflict(error)) throw error;
      await sleep(Math.random() * 20 * 2 ** attempt);
    }
  }
}

class OpenTransaction implements Transaction {
  readonly #session: Session;
  readonly #run: TransactionRun<unknown>;
  #state: 'open' | 'over' | 'late' = 'open';
  /** The first failed statement: from there on PostgreSQL would turn COMMIT into ROLLBACK without an error. */
  #failure: Error | null = null;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(session: Session, run: TransactionRun<unknown>) {
    this.#session = session;
    this.#run = run;
  }

  async query<Row extends object>(text: string, values: readonly SqlValue[] = []): Promise<Row[]> {
    return this.#send(() => this.#session.query(text, values.map(encodeSqlValue))) as Promise<
      Row[]
    >;
  }

  async script(text: string): Promise<void> {
    await this.#send(() => this.#session.script(text));
  }

  /** Does `work` between BEGIN and COMMIT and gives the session back, whatever happens. */
  async complete<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const { limitMs, holder } = this.#run;
    let stopLimit = (): void => undefined;
    const tooLate = new Promise<never>((_resolve, reject) => {
      stopLimit = runningTime.after(limitMs, () => {
        this.#state = 'late';
        reject(new TransactionTimeoutError(holder, limitMs));
      });
    });
    let isBroken = true;
    try {
      const result = await Promise.race([this.#between(work), tooLate]);
      isBroken = false;
      return result;
    } catch (error) {
      isBroken = !(await this.#rollBack());
      throw error;
    } finally {
      stopLimit();
      if (this.#state === 'open') this.#state = 'over';
      this.#session.release(isBroken);
    }
  }

  async #between<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    await this.script(this.#begin());
    const result = await work(this);
    // A statement that nobody waited for still belongs to the transaction.
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
    if (this.#failure !== null) throw this.#failure;
    await this.script('COMMIT');
    return result;
  }

  #begin(): string {
    const { schema, limitMs } = this.#run;
    return [
      'BEGIN ISOLATION LEVEL READ COMMITTED',
      `SET LOCAL search_path TO ${quoteIdentifier(schema)}`,
      "SET LOCAL TimeZone TO 'UTC'",
      `SET LOCAL statement_timeout TO ${limitMs}`,
      `SET LOCAL idle_in_transaction_session_timeout TO ${STANDSTILL * limitMs}`,
    ].join('; ');
  }

  /** True where the session is clean again; false where it must be thrown away. */
  async #rollBack(): Promise<boolean> {
    if (this.#state === 'late') return false;
    this.#state = 'over';
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
    try {
      await this.#session.script('ROLLBACK');
      return true;
    } catch {
      return false;
    }
  }

  async #send<T>(statement: () => Promise<T>): Promise<T> {
    const { holder, limitMs } = this.#run;
    if (this.#state === 'late') throw new TransactionTimeoutError(holder, limitMs);
    if (this.#state === 'over') {
      throw new DatabaseUnavailableError(
        `The transaction ${holder} is over: await its statements.`,
      );
    }
    const sent = statement();
    this.#underWay.add(sent);
    try {
      return await sent;
    } catch (error) {
      const described = describeSqlFailure(error, holder, limitMs);
      this.#failure ??= described;
      throw described;
    } finally {
      this.#underWay.delete(sent);
    }
  }
}
