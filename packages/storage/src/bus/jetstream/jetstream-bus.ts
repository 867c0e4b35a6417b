import type { Logger } from '@deepstyle/platform';
import {
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { BusUnavailableError } from '../../errors.ts';
import type { Bus, Message, StreamName, SubscribeOptions, Subscription } from '../bus.ts';
import { checkMessage } from '../message.ts';
import { retryDelayMs as defaultRetryDelayMs } from '../retry-delay.ts';
import { checkSubscribeOptions, startSubscription } from '../subscription.ts';
import { connectNats, type NatsOptions, type NatsPlace } from './connect.ts';
import { ensureConsumer } from './consumers.ts';
import { createDeadLetters } from './dead-letters.ts';
import { BusFullError } from './errors.ts';
import { EventsKeeper } from './events-keeper.ts';
import { createFailureCounts } from './failure-counts.ts';
import { API_CODES, apiCode, describeNatsFailure } from './failures.ts';
import { CHECK_SUBJECT } from './installation.ts';
import { createJetStreamSource } from './jetstream-source.ts';
import { toNatsHeaders } from './message-headers.ts';
import { readQueuedJobs } from './queued-jobs.ts';
import { nextSequence, replayStream } from './replay.ts';
import { ensureStreams, type StreamOptions } from './streams.ts';

export interface JetStreamBusOptions extends NatsOptions, StreamOptions {
  /** Pause before the delivery after `attempt`, where a handler threw. Default: 1 s doubled up to a minute. */
  readonly retryDelayMs?: (attempt: number) => number;
}

const CLOSE_MS = 5000;
/** Longer than an outbox pauses: where it still finds no room, it has said so again. */
const REFUSAL_HOLDS_MS = 15_000;

/**
 * The bus on NATS JetStream, server 2.10 or newer; creates its streams (EVENTS, JOBS, DEAD_LETTERS, FAILURES, STATE) where
 * missing.
 *
 * @throws BusSettingsError, BusUnavailableError, OtherInstallationError
 */
export async function createJetStreamBus(options: JetStreamBusOptions): Promise<Bus> {
  const place = await connectNats(options);
  try {
    const manager = await jetstreamManager(place.connection);
    await ensureStreams(manager, place.servers, options);
    return new JetStreamBus(place, manager, options);
  } catch (error) {
    await place.connection.close();
    throw describeNatsFailure(error, place.servers, 'the start');
  }
}

class JetStreamBus implements Bus {
  readonly #connection: NatsConnection;
  readonly #servers: string;
  readonly #client: JetStreamClient;
  readonly #manager: JetStreamManager;
  readonly #keeper: EventsKeeper;
  readonly #deadLetters: ReturnType<typeof createDeadLetters>;
  readonly #options: JetStreamBusOptions;
  readonly #logger: Logger | undefined;
  readonly #subscriptions = new Set<Subscription>();
  readonly #closed = new AbortController();
  /** The last publish that found no room. */
  #refusal: { readonly error: BusFullError; readonly at: number } | null = null;

  constructor(place: NatsPlace, manager: JetStreamManager, options: JetStreamBusOptions) {
    this.#connection = place.connection;
    this.#servers = place.servers;
    this.#manager = manager;
    this.#client = jetstream(place.connection);
    this.#keeper = new EventsKeeper(manager, options.retention ?? {}, options.logger);
    this.#deadLetters = createDeadLetters(this.#client, manager);
    this.#options = options;
    this.#logger = options.logger;
  }

  async publish(message: Message): Promise<{ sequence: number; duplicate: boolean }> {
    checkMessage(message);
    return this.#call(`publish ${message.subject}`, async () => {
      const { seq, duplicate } = await this.#client.publish(message.subject, message.data, {
        msgID: message.id,
        headers: toNatsHeaders(message.headers),
      });
      this.#refusal = null;
      return { sequence: seq, duplicate };
    });
  }

  async subscribe(
    options: SubscribeOptions,
    handler: Parameters<Bus['subscribe']>[1],
  ): Promise<Subscription> {
    checkSubscribeOptions(options);
    const { durable } = options;
    const manager = this.#manager;
    await this.#call(`subscribe ${durable}`, () => ensureConsumer(manager, options));
    const running = startSubscription({
      ...options,
      handler,
      source: createJetStreamSource({
        ...options,
        client: this.#client,
        ensure: async () => {
          await ensureStreams(manager, this.#servers, this.#options);
          await ensureConsumer(manager, options);
        },
        flush: () => this.#flush(),
        bury: (message, reason) => this.#deadLetters.bury(durable, message, reason),
        failures: createFailureCounts(this.#client, manager, durable),
      }),
      retryDelayMs: this.#options.retryDelayMs ?? defaultRetryDelayMs,
      logger: this.#logger,
    });
    const subscription: Subscription = {
      close: async (graceMs) => {
        await running.close(graceMs);
        this.#subscriptions.delete(subscription);
        // Acks wait in the client's buffer.
        await this.#flush();
      },
    };
    this.#subscriptions.add(subscription);
    return subscription;
  }

  replay(options: Parameters<Bus['replay']>[0]): ReturnType<Bus['replay']> {
    const { subjects, fromSequence } = options;
    const signal = AbortSignal.any([options.signal, this.#closed.signal]);
    // Asked for now and not at the first iteration: `new` means after this call.
    const first =
      fromSequence === 'new'
        ? this.#call('replay', () => nextSequence(this.#manager))
        : Promise.resolve(fromSequence);
    first.catch(() => undefined);
    return replayStream({ client: this.#client, subjects, first, signal });
  }

  async lag(stream: StreamName, durable: string): Promise<number> {
    return this.#call('lag', async () => {
      try {
        const info = await this.#manager.consumers.info(stream, durable);
        return info.num_pending + info.num_ack_pending;
      } catch (error) {
        if (apiCode(error) === API_CODES.consumerNotFound) return 0;
        throw error;
      }
    });
  }

  queuedJobs(subject: string): ReturnType<Bus['queuedJobs']> {
    return readQueuedJobs(subject, (query) =>
      this.#call('read queued jobs', () => this.#manager.streams.getMessage('JOBS', query)),
    );
  }

  eventsUsage(): ReturnType<Bus['eventsUsage']> {
    return this.#call('tell how full EVENTS is', () => this.#keeper.usage());
  }

  deadLetters(page: Parameters<Bus['deadLetters']>[0]): ReturnType<Bus['deadLetters']> {
    return this.#call('list dead letters', () => this.#deadLetters.list(page));
  }

  deadLetter(id: string): ReturnType<Bus['deadLetter']> {
    return this.#call('read a dead letter', () => this.#deadLetters.read(id));
  }

  countDeadLetters(): ReturnType<Bus['countDeadLetters']> {
    return this.#call('count dead letters', () => this.#deadLetters.count());
  }

  async retryDeadLetter(id: string): Promise<void> {
    await this.#call('retry a dead letter', () =>
      this.#deadLetters.retry(id, (message) => this.publish(message)),
    );
  }

  async dropDeadLetter(id: string): Promise<void> {
    await this.#call('drop a dead letter', () => this.#deadLetters.drop(id));
  }

  async check(): Promise<void> {
    await this.#call('check', () => this.#manager.streams.info('EVENTS'));
  }

  async checkWrite(): Promise<void> {
    await this.#call('write', () => this.#client.publish(CHECK_SUBJECT, ''));
    const { error, at } = this.#refusal ?? {};
    if (error !== undefined && performance.now() - (at ?? 0) < REFUSAL_HOLDS_MS) throw error;
  }

  async close(): Promise<void> {
    if (this.#closed.signal.aborted) return;
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.close()));
    this.#closed.abort();
    await this.#keeper.close();
    await this.#flush();
    await this.#connection.close();
  }

  /** Waits until the server has everything, but not for a server that is away. */
  async #flush(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS);
    });
    await Promise.race([this.#connection.flush().catch(() => undefined), limit]);
    clearTimeout(timer);
  }

  async #call<T>(what: string, work: () => Promise<T>): Promise<T> {
    if (this.#closed.signal.aborted) throw new BusUnavailableError('The bus is closed.');
    try {
      return await work();
    } catch (error) {
      const failure = describeNatsFailure(error, this.#servers, what);
      if (failure instanceof BusFullError) {
        this.#refusal = { error: failure, at: performance.now() };
        // Perhaps it is full of what all have handled.
        this.#keeper.trimSoon();
      }
      throw failure;
    }
  }
}
