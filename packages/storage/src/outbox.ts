import { describeError, type Logger } from '@deepstyle/platform';
import type { Bus, Message } from './bus/bus.ts';
import { checkMessage } from './bus/message.ts';
import type { Database, Transaction } from './database/database.ts';
import { RELAY_BATCH, relayBatch } from './outbox-relay.ts';

/**
 * Messages that are sent if, and only if, the transaction that added them commits. Delivery is at least once: after a
 * crash between publishing and forgetting a message goes out again under the same id, which the bus drops within its
 * window and consumers tolerate after it.
 */
export interface Outbox {
  /** Part of the caller's transaction. @throws InvalidMessageError, MessageTooLargeError */
  add(tx: Transaction, messages: readonly Message[]): Promise<void>;
  /** Says that a transaction with `add` has committed; without it a poll finds the messages a little later. */
  notify(): void;
  /** Begins to relay. Several relays of one schema share the work. */
  start(): void;
  /** Publishes what has been committed until now; ends when nothing is left that is not another relay's. */
  flush(): Promise<void>;
  /** What is committed and not yet with the bus. */
  backlog(): Promise<{ readonly messages: number; readonly oldestSeconds: number }>;
  /** What is committed and not yet with the bus, of a subject. */
  pending(subject: string): Promise<readonly Pick<Message, 'id' | 'data'>[]>;
  /** Stops relaying, after what is under way. What is left goes out after the next start. */
  close(): Promise<void>;
}

export interface OutboxOptions {
  /** A schema brought up by `migrate`. */
  readonly database: Database;
  readonly bus: Bus;
  readonly logger?: Logger;
  /** How often to look without being told. Default 1000. */
  readonly pollMs?: number;
  /** After this long another relay takes over what a crashed one had claimed. Default 30000. */
  readonly claimMs?: number;
}

const LONGEST_PAUSE_MS = 10_000;
// A transaction that has just called add() commits within about this time.
const SOON_MS = 20;

const INSERT = `
  INSERT INTO outbox (subject, id, headers, data)
  SELECT subject, id, headers, data
  FROM unnest($1::text[], $2::text[], $3::jsonb[], $4::bytea[])
    WITH ORDINALITY AS added (subject, id, headers, data, place)
  ORDER BY place
  ON CONFLICT (id) DO NOTHING`;

const BACKLOG = `
  SELECT count(*) AS messages,
    coalesce(extract(epoch FROM clock_timestamp() - min(added_at)), 0)::float8 AS oldest
  FROM outbox`;

export function createOutbox(options: OutboxOptions): Outbox {
  return new RelayedOutbox(options);
}

class RelayedOutbox implements Outbox {
  readonly #options: OutboxOptions;
  #state: 'new' | 'running' | 'closed' = 'new';
  #timer: NodeJS.Timeout | undefined;
  #relaying: Promise<void> | null = null;
  /** Something was committed while a batch was under way. */
  #wasTold = false;
  /** Something may be committed soon. */
  #wasAdded = false;
  #failures = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  async add(tx: Transaction, messages: readonly Message[]): Promise<void> {
    if (messages.length === 0) return;
    for (const message of messages) checkMessage(message);
    await tx.query(INSERT, [
      messages.map((message) => message.subject),
      messages.map((message) => message.id),
      messages.map((message) => JSON.stringify(message.headers)),
      messages.map((message) => message.data),
    ]);
    this.#wasAdded = true;
    this.#wake(SOON_MS);
  }

  notify(): void {
    this.#wake(0);
  }

  start(): void {
    if (this.#state === 'new') this.#state = 'running';
    this.#schedule(0);
  }

  async flush(): Promise<void> {
    await this.#relay();
  }

  async backlog(): Promise<{ readonly messages: number; readonly oldestSeconds: number }> {
    const [row] = await this.#options.database.transaction('outbox.backlog', (tx) =>
      tx.query<{ messages: string; oldest: number }>(BACKLOG),
    );
    return { messages: Number(row?.messages ?? 0), oldestSeconds: row?.oldest ?? 0 };
  }

  pending(subject: string): Promise<readonly Pick<Message, 'id' | 'data'>[]> {
    return this.#options.database.transaction('outbox.pending', (tx) =>
      tx.query('SELECT id, data FROM outbox WHERE subject = $1', [subject]),
    );
  }

  async close(): Promise<void> {
    this.#state = 'closed';
    clearTimeout(this.#timer);
    await this.#relaying?.catch(() => undefined);
  }

  #wake(delayMs: number): void {
    // After a failure the pause goes on: what cannot be published now is not urgent.
    if (this.#state !== 'running' || this.#failures > 0) return;
    if (this.#relaying !== null) this.#wasTold = true;
    else this.#schedule(delayMs);
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer);
    if (this.#state !== 'running') return;
    this.#timer = setTimeout(() => void this.#run(), delayMs);
    this.#timer.unref();
  }

  async #run(): Promise<void> {
    const { database, logger, pollMs = 1000 } = this.#options;
    this.#wasAdded = false;
    try {
      await this.#relay();
      this.#failures = 0;
      this.#schedule(this.#expectsMore() ? SOON_MS : pollMs);
    } catch (error) {
      this.#failures += 1;
      const pauseMs = Math.min(LONGEST_PAUSE_MS, 100 * 2 ** this.#failures);
      const problem = describeError(error);
      logger?.warn(
        { schema: database.schema, problem, pauseMs },
        'messages wait in the outbox: publishing failed',
      );
      this.#schedule(pauseMs);
    }
  }

  // Asked after an await, during which add() and notify() may have been called.
  #expectsMore(): boolean {
    return this.#wasAdded;
  }

  #hasNews(): boolean {
    return this.#wasTold;
  }

  /** One relay at a time in this process; a second caller waits for a run that begins after its call. */
  async #relay(): Promise<void> {
    while (this.#relaying !== null) await this.#relaying.catch(() => undefined);
    this.#relaying = this.#relayAll();
    try {
      await this.#relaying;
    } finally {
      this.#relaying = null;
    }
  }

  async #relayAll(): Promise<void> {
    const { database, bus, claimMs = 30_000 } = this.#options;
    let claimed: number;
    do {
      this.#wasTold = false;
      claimed = await relayBatch(database, bus, claimMs);
    } while (claimed === RELAY_BATCH || this.#hasNews());
  }
}
