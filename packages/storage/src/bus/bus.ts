import type { EventsUsage } from './retention.ts';

/** `EVENTS` is kept for a while after all have handled it and can be replayed; `JOBS` is a work queue: an acked message is gone. */
export type StreamName = 'EVENTS' | 'JOBS';

export interface Message {
  /** `deepstyle.<entity>.<verb>.v1` on EVENTS, `deepstyle.jobs.<kind>` on JOBS. */
  readonly subject: string;
  /** De-duplication id: a second publish with this id within two minutes is dropped; not cleared by an ack. */
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly data: Uint8Array;
}

export interface StoredMessage extends Message {
  /** Position in its stream, from 1. */
  readonly sequence: number;
  readonly storedAt: Date;
}

export interface Delivery extends StoredMessage {
  /** 1 at the first delivery. Restarts, kills and outages deliver again too, so it says nothing of the message. */
  readonly attempt: number;
  /** How often the work with this message failed so far: the outcomes `retry`, and no others. */
  readonly failures: number;
  /** Extends the lease by the acknowledgement wait; called while a long job goes on. */
  working(): Promise<void>;
}

/**
 * What becomes of a delivery. A handler that returns nothing acks; one that throws retries with the backoff, or waits where
 * the error is transient.
 */
export type Outcome =
  | { readonly kind: 'ack' }
  /** A store or a peer is away, or the process stops: delivered again after the delay, as often as it takes. */
  | { readonly kind: 'wait'; readonly delayMs: number }
  /** The work failed, which is counted: after `maxFailures` the message becomes a dead letter. */
  | { readonly kind: 'retry'; readonly delayMs: number; readonly reason: string }
  | { readonly kind: 'dead-letter'; readonly reason: string };

export interface SubscribeOptions {
  readonly stream: StreamName;
  /** Durable name, `[a-z0-9-]+`; subscribers of one name share the work. */
  readonly durable: string;
  /** Exact subjects. On JOBS each subject belongs to one durable only. */
  readonly subjects: readonly string[];
  /**
   * Deliveries handled at once by this subscriber. Jobs are never fetched ahead. Events are, 64 or more, and keep their
   * lease while they wait; so work that takes long belongs into JOBS, where a free subscriber finds it.
   */
  readonly concurrency: number;
  /** Redelivery after this long without ack or `working()`. */
  readonly ackWaitMs: number;
  /** Failures of the work with a message before it becomes a dead letter. */
  readonly maxFailures: number;
}

export interface Subscription {
  /** Takes no more, waits for the handlers under way (up to `graceMs`, then leaves them to redelivery). */
  close(graceMs?: number): Promise<void>;
}

/** A message that was given up, as it was when one durable gave it up. */
export interface DeadLetter {
  readonly id: string;
  /** Grows from letter to letter; lists are in its order. */
  readonly place: number;
  readonly stream: StreamName;
  readonly durable: string;
  readonly message: StoredMessage;
  /** Deliveries, whatever became of them. */
  readonly attempts: number;
  readonly reason: string;
  readonly at: Date;
}

export interface DeadLetterCount {
  readonly stream: StreamName;
  readonly durable: string;
  readonly count: number;
}

/**
 * The port to events and jobs. It promises what JetStream does and no more: delivery at least once; de-duplication by
 * id within a window of two minutes only, not cleared by an ack (a retry needs a new id); no order after a
 * redelivery; one durable per work-queue subject.
 *
 * @throws BusUnavailableError, BusFullError, MessageTooLargeError (1 MiB with headers, less 8 KiB); InvalidMessageError,
 *   InvalidSubscriptionError, SubjectTakenError, DeadLetterNotFoundError
 */
export interface Bus {
  publish(message: Message): Promise<{ sequence: number; duplicate: boolean }>;
  subscribe(
    options: SubscribeOptions,
    handler: (delivery: Delivery) => Promise<Outcome | undefined>,
  ): Promise<Subscription>;
  /**
   * Stored EVENTS from a sequence on (the oldest still stored where that one is gone), or only `new` ones; then those
   * that come, until `signal` aborts, which ends the iteration without an error.
   */
  replay(options: {
    /** Exact subjects; an empty list means all. */
    readonly subjects: readonly string[];
    readonly fromSequence: number | 'new';
    readonly signal: AbortSignal;
  }): AsyncIterable<StoredMessage>;
  /** Messages a durable has not yet handled: waiting plus in flight. */
  lag(stream: StreamName, durable: string): Promise<number>;
  /**
   * The jobs of a subject that are not done, oldest first: waiting, or in the hands of a worker. Each is read when it is asked
   * for, so that who has found what he looks for may stop.
   */
  queuedJobs(subject: string): AsyncIterable<StoredMessage>;
  /** How full EVENTS is, and for whom. */
  eventsUsage(): Promise<EventsUsage>;
  /** Dead letters behind the place `after` (0: from the first), oldest first. */
  deadLetters(page: {
    readonly after: number;
    readonly limit: number;
  }): Promise<readonly DeadLetter[]>;
  deadLetter(id: string): Promise<DeadLetter | null>;
  /** How many there are of each durable that has any; cheap enough for every scrape of the metrics. */
  countDeadLetters(): Promise<readonly DeadLetterCount[]>;
  /**
   * Publishes a dead letter again under a new id, then removes it. Its failures are counted from zero. Where this ends half
   * way the letter is still there, and a repetition within two minutes publishes nothing twice.
   *
   * A job goes to the durable that gave it up. An event goes to every durable of its subject, also to those that have
   * handled it: consumers must do no harm when they see an event twice.
   */
  retryDeadLetter(id: string): Promise<void>;
  /** Removes a dead letter for good; of a job also what may still lie in its queue. */
  dropDeadLetter(id: string): Promise<void>;
  check(): Promise<void>;
  /** Writes what is small and leaves nothing behind. @throws BusFullError also while events are refused */
  checkWrite(): Promise<void>;
  close(): Promise<void>;
}
