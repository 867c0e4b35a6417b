import { describeError, type Logger } from '@deepstyle/platform';
import {
  AckPolicy,
  type ConsumerInfo,
  DeliverPolicy,
  type JetStreamManager,
  type StreamInfo,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { DEFAULT_MAX_AGE_MS, type EventsUsage, type Retention } from '../retention.ts';

const EVERY_MS = 15_000;
/** Of the size of EVENTS, what events may take that every durable has handled. */
const HISTORY_SHARE = 0.5;
/** From here on each look is a warning. */
const ALARM_SHARE = 0.7;
const MIN_WARNING_PAUSE_MS = 600_000;

interface Look {
  readonly info: StreamInfo;
  readonly usage: EventsUsage;
  /** Every durable has handled what stands up to here; 0 where that is not known of all. */
  readonly floor: number;
}

/**
 * Keeps EVENTS from filling up. The stream itself drops nothing and refuses what does not fit, so what every durable has
 * handled is purged here, by size and age. All processes do so; a purge that another one did before finds nothing.
 */
export class EventsKeeper {
  readonly #manager: JetStreamManager;
  readonly #retention: Retention;
  readonly #logger: Logger | undefined;
  readonly #timer: NodeJS.Timeout;
  #trimming: Promise<void> | null = null;
  #warnedAt = Number.NEGATIVE_INFINITY;

  constructor(manager: JetStreamManager, retention: Retention, logger: Logger | undefined) {
    this.#manager = manager;
    this.#retention = retention;
    this.#logger = logger;
    this.#timer = setInterval(() => this.trimSoon(), retention.everyMs ?? EVERY_MS);
    this.#timer.unref();
  }

  async usage(): Promise<EventsUsage> {
    return (await look(this.#manager)).usage;
  }

  /** Trims in the background, unless that is under way. */
  trimSoon(): void {
    this.#trimming ??= this.#trim()
      .catch((error: unknown) => {
        this.#logger?.debug({ problem: describeError(error) }, 'EVENTS could not be trimmed');
      })
      .finally(() => {
        this.#trimming = null;
      });
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#trimming;
  }

  async #trim(): Promise<void> {
    const found = await look(this.#manager);
    this.#warnWhenFilling(found.usage);
    const { first_seq: first } = found.info.state;
    const wanted = Math.max(
      firstBySize(found.info),
      await firstByAge(this.#manager, found.info, this.#retention.maxAgeMs ?? DEFAULT_MAX_AGE_MS),
    );
    const next = Math.min(wanted, found.floor + 1);
    if (next > first) await this.#manager.streams.purge('EVENTS', { seq: next });
  }

  #warnWhenFilling({ bytes, maxBytes, durables }: EventsUsage): void {
    if (maxBytes === null || bytes < ALARM_SHARE * maxBytes) return;
    if (performance.now() - this.#warnedAt < MIN_WARNING_PAUSE_MS) return;
    this.#warnedAt = performance.now();
    const [slowest] = durables;
    this.#logger?.warn(
      { bytes, maxBytes, durable: slowest?.name, events: slowest?.holds },
      'the stream EVENTS fills up: it keeps what the slowest durable has not handled',
    );
  }
}

async function look(manager: JetStreamManager): Promise<Look> {
  // Before the consumers: what they have handled by then is certain.
  const info = await manager.streams.info('EVENTS');
  const { bytes, last_seq: last, messages } = info.state;
  const durables: { name: string; holds: number }[] = [];
  let floor = last;
  let listed = 0;
  for await (const consumer of manager.consumers.list('EVENTS')) {
    listed += 1;
    if (consumer.config.durable_name === undefined) continue;
    const own = floorOf(consumer, last);
    floor = Math.min(floor, own);
    durables.push({ name: consumer.name, holds: Math.max(0, Math.min(messages, last - own)) });
  }
  // A cluster leaves out those whose leader does not answer.
  if (listed < info.state.consumer_count) floor = 0;
  durables.sort((a, b) => b.holds - a.holds);
  const { max_bytes: limit } = info.config;
  return { info, usage: { bytes, maxBytes: limit > 0 ? limit : null, durables }, floor };
}

/** The acknowledgement floor stands still where nothing comes on a durable's subjects, so it alone is not enough. */
function floorOf(consumer: ConsumerInfo, last: number): number {
  const { ack_floor: acked, delivered, num_ack_pending: unacked, num_pending: waiting } = consumer;
  if (unacked > 0) return acked.stream_seq;
  return waiting > 0 ? Math.max(acked.stream_seq, delivered.stream_seq) : last;
}

/** The first event that stays, so that the history is no larger than its share; by the mean size of an event. */
function firstBySize({ config, state }: StreamInfo): number {
  const excess = config.max_bytes > 0 ? state.bytes - HISTORY_SHARE * config.max_bytes : 0;
  if (excess <= 0 || state.messages === 0) return 0;
  return state.first_seq + Math.ceil((excess * state.messages) / state.bytes);
}

/** The first event that is not older, as the server places a consumer that begins at a time. */
async function firstByAge(
  manager: JetStreamManager,
  { state }: StreamInfo,
  maxAgeMs: number,
): Promise<number> {
  const oldest = Date.now() - maxAgeMs;
  if (state.messages === 0 || new Date(state.first_ts).getTime() >= oldest) return 0;
  const { name, delivered } = await manager.consumers.add('EVENTS', {
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.StartTime,
    opt_start_time: new Date(oldest).toISOString(),
    inactive_threshold: nanos(10_000),
    mem_storage: true,
    num_replicas: 1,
  });
  await manager.consumers.delete('EVENTS', name);
  return delivered.stream_seq + 1;
}
