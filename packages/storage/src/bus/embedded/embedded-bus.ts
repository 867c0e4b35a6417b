import { describeError, type Logger } from '@deepstyle/platform';
import { checkDatabaseWrite } from '../../database/check-write.ts';
import type { Database } from '../../database/database.ts';
import { applyMigrations } from '../../database/migrate.ts';
import { BusUnavailableError, SubjectTakenError } from '../../errors.ts';
import { createBatcher } from '../batcher.ts';
import type { Bus, Message, SubscribeOptions, Subscription } from '../bus.ts';
import { checkMessage, messageBytes } from '../message.ts';
import { DEFAULT_MAX_AGE_MS, DEFAULT_MAX_BYTES, type Retention } from '../retention.ts';
import { retryDelayMs as defaultRetryDelayMs } from '../retry-delay.ts';
import { checkSubscribeOptions, startSubscription } from '../subscription.ts';
import { createWakeUp, type WakeUp } from '../wake-up.ts';
import {
  countDeadLetters,
  dropDeadLetter,
  listDeadLetters,
  readDeadLetter,
  retryDeadLetter,
} from './dead-letters.ts';
import { countLag, findWork } from './deliveries.ts';
import { createEmbeddedSource } from './embedded-source.ts';
import { type Published, publishBatch } from './publish.ts';
import { readQueuedJobs } from './queued-jobs.ts';
import { lastSequence, replayEvents } from './replay.ts';
import { applyRetention, readUsage } from './retention.ts';
import { BUS_TABLES } from './tables.ts';

export interface EmbeddedBusOptions {
  /** A schema of its own, by custom `bus`. Who opened it closes it, after the bus. */
  readonly database: Database;
  readonly logger?: Logger;
  /** How often to look for ended leases and for what other processes published. Default 1000. */
  readonly pollMs?: number;
  /** Pause before the delivery after `attempt`, where a handler threw. Default: 1 s doubled up to a minute. */
  readonly retryDelayMs?: (attempt: number) => number;
  readonly retention?: Retention;
}

interface Listener {
  readonly stream: 'EVENTS' | 'JOBS';
  /** Empty: all. */
  readonly subjects: ReadonlySet<string>;
  readonly durable: string | null;
  readonly wakeUp: WakeUp;
}

const RETENTION_EVERY_MS = 60_000;
const PUBLISH_BATCH_BYTES = 4 * 2 ** 20;

/** A bus for one machine, on a database: what JetStream promises, durable, without a server. */
export async function createEmbeddedBus(options: EmbeddedBusOptions): Promise<Bus> {
  await applyMigrations(options.database, 'bus', BUS_TABLES);
  return new EmbeddedBus(options);
}

class EmbeddedBus implements Bus {
  readonly #database: Database;
  readonly #options: EmbeddedBusOptions;
  readonly #pollMs: number;
  readonly #listeners = new Set<Listener>();
  readonly #subscriptions = new Set<Subscription>();
  readonly #closed = new AbortController();
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #publisher = createBatcher<Message, Published>({
    run: (messages) => this.#publishBatch(messages),
    maxItems: 500,
    maxWeight: PUBLISH_BATCH_BYTES,
    weigh: messageBytes,
  });
  #looking: Promise<void> | null = null;

  constructor(options: EmbeddedBusOptions) {
    this.#database = options.database;
    this.#options = options;
    this.#pollMs = options.pollMs ?? 1000;
    this.#timers = [
      setInterval(() => this.#look(), this.#pollMs).unref(),
      setInterval(
        () => void this.#inBackground(this.#retain()),
        options.retention?.everyMs ?? RETENTION_EVERY_MS,
      ).unref(),
    ];
  }

  async publish(message: Message): Promise<Published> {
    checkMessage(message);
    this.#refuseWhenClosed();
    return this.#publisher.add(message);
  }

  async subscribe(
    options: SubscribeOptions,
    handler: Parameters<Bus['subscribe']>[1],
  ): Promise<Subscription> {
    checkSubscribeOptions(options);
    this.#refuseWhenClosed();
    await saveDurable(this.#database, options);
    const { stream, durable } = options;
    const wakeUp = createWakeUp();
    const listener = { stream, durable, wakeUp, subjects: new Set(options.subjects) };
    this.#listeners.add(listener);
    const running = startSubscription({
      ...options,
      handler,
      source: createEmbeddedSource(this.#database, options, wakeUp),
      retryDelayMs: this.#options.retryDelayMs ?? defaultRetryDelayMs,
      logger: this.#options.logger,
    });
    const subscription: Subscription = {
      close: async (graceMs) => {
        await running.close(graceMs);
        this.#listeners.delete(listener);
        this.#subscriptions.delete(subscription);
        // What was given back is for another subscriber of the same durable.
        this.#ring(({ durable: other }) => other === durable);
      },
    };
    this.#subscriptions.add(subscription);
    return subscription;
  }

  replay(options: Parameters<Bus['replay']>[0]): ReturnType<Bus['replay']> {
    const { subjects, fromSequence } = options;
    const signal = AbortSignal.any([options.signal, this.#closed.signal]);
    const wakeUp = createWakeUp();
    const listener = {
      stream: 'EVENTS',
      durable: null,
      wakeUp,
      subjects: new Set(subjects),
    } as const;
    this.#listeners.add(listener);
    // Asked for now and not at the first iteration: `new` means after this call.
    const first =
      fromSequence === 'new'
        ? lastSequence(this.#database).then((last) => last + 1)
        : Promise.resolve(fromSequence);
    first.catch(() => undefined);
    const database = this.#database;
    return replayEvents({
      database,
      subjects,
      first,
      wakeUp,
      pollMs: this.#pollMs,
      signal,
      onEnd: () => this.#listeners.delete(listener),
    });
  }

  async lag(stream: 'EVENTS' | 'JOBS', durable: string): Promise<number> {
    return countLag(this.#database, { stream, durable });
  }

  queuedJobs(subject: string): ReturnType<Bus['queuedJobs']> {
    return readQueuedJobs(this.#database, subject);
  }

  eventsUsage(): ReturnType<Bus['eventsUsage']> {
    return readUsage(this.#database);
  }

  deadLetters(page: Parameters<Bus['deadLetters']>[0]): ReturnType<Bus['deadLetters']> {
    return listDeadLetters(this.#database, page);
  }

  deadLetter(id: string): ReturnType<Bus['deadLetter']> {
    return readDeadLetter(this.#database, id);
  }

  countDeadLetters(): ReturnType<Bus['countDeadLetters']> {
    return countDeadLetters(this.#database);
  }

  async retryDeadLetter(id: string): Promise<void> {
    await retryDeadLetter(this.#database, id, (message) => this.publish(message));
  }

  dropDeadLetter(id: string): Promise<void> {
    return dropDeadLetter(this.#database, id);
  }

  async check(): Promise<void> {
    this.#refuseWhenClosed();
    await this.#database.check();
  }

  async checkWrite(): Promise<void> {
    this.#refuseWhenClosed();
    await checkDatabaseWrite(this.#database);
  }

  async close(): Promise<void> {
    this.#closed.abort();
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.close()));
    await this.#publisher.idle();
    await this.#looking;
  }

  #refuseWhenClosed(): void {
    if (this.#closed.signal.aborted) throw new BusUnavailableError('The bus is closed.');
  }

  async #publishBatch(messages: readonly Message[]): Promise<readonly Published[]> {
    const published = await publishBatch(this.#database, messages);
    const subjects = new Set(messages.map((message) => message.subject));
    this.#ring(
      (listener) =>
        listener.subjects.size === 0 || [...subjects].some((each) => listener.subjects.has(each)),
    );
    return published;
  }

  #ring(concerns: (listener: Listener) => boolean): void {
    for (const listener of this.#listeners) if (concerns(listener)) listener.wakeUp.ring();
  }

  /** Rings for ended leases and for what another process published. */
  #look(): void {
    if (this.#listeners.size === 0 || this.#looking !== null) return;
    this.#looking = this.#inBackground(
      findWork(this.#database).then((durables) => {
        const names = new Set(durables.map(({ stream, durable }) => `${stream} ${durable}`));
        this.#ring(({ stream, durable }) => durable !== null && names.has(`${stream} ${durable}`));
      }),
    ).finally(() => {
      this.#looking = null;
    });
  }

  async #retain(): Promise<void> {
    const { maxBytes = DEFAULT_MAX_BYTES, maxAgeMs = DEFAULT_MAX_AGE_MS } =
      this.#options.retention ?? {};
    await applyRetention(this.#database, { maxBytes, maxAgeMs });
  }

  async #inBackground(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (this.#closed.signal.aborted) return;
      this.#options.logger?.warn(
        { problem: describeError(error) },
        'the bus could not look after itself',
      );
    }
  }
}

/** Creates the durable, or gives it these subjects. @throws SubjectTakenError */
async function saveDurable(database: Database, options: SubscribeOptions): Promise<void> {
  const { stream, durable, subjects } = options;
  await database.transaction('bus.saveDurable', async (tx) => {
    await tx.query('SELECT 1 FROM streams WHERE name = $1 FOR UPDATE', [stream]);
    const taken = await tx.query(
      'SELECT name FROM durables WHERE stream = $1 AND name <> $2 AND subjects && $3::text[]',
      [stream, durable, subjects],
    );
    if (stream === 'JOBS' && taken.length > 0) throw new SubjectTakenError(durable, subjects);
    await tx.query(
      `INSERT INTO durables (stream, name, subjects) VALUES ($1, $2, $3)
       ON CONFLICT (stream, name) DO UPDATE SET subjects = excluded.subjects`,
      [stream, durable, subjects],
    );
  });
}
