import { describeError, isTransient, type Logger } from '@deepstyle/platform';
import { InvalidSubscriptionError } from '../errors.ts';
import type { Delivery, Outcome, SubscribeOptions, Subscription } from './bus.ts';
import { isSubjectOf } from './message.ts';
import { createWakeUp } from './wake-up.ts';

/** A delivery in the hands of this process, and how to let go of it. */
export interface HeldDelivery {
  readonly delivery: Delivery;
  settle(outcome: Outcome): Promise<void>;
  /** Extends the lease of one that waits for its turn. */
  extend(): Promise<void>;
  /** For one that was not begun: another subscriber may have it at once. */
  giveBack(): Promise<void>;
}

/** What a subscription can take. */
export interface Room {
  /** Deliveries that it has place for now. */
  free(): number;
  /** So many are worth a request. */
  readonly least: number;
}

/** Where deliveries come from: what the two adapters of the bus differ in. */
export interface DeliverySource {
  /**
   * Waits until there is something, hands over no more than there is room for and returns; also returns, with nothing,
   * after a while and when the signal aborts. Is called again only when there is room for `least`.
   */
  fetch(room: Room, take: (held: HeldDelivery) => void, signal: AbortSignal): Promise<void>;
  /** After the signal has aborted: hands over what was asked for ahead of the next fetch. */
  drain(take: (held: HeldDelivery) => void): Promise<void>;
}

export interface ConsumeOptions extends SubscribeOptions {
  readonly source: DeliverySource;
  readonly handler: (delivery: Delivery) => Promise<Outcome | undefined>;
  /** Pause before the delivery after `attempt`, where a handler threw. */
  readonly retryDelayMs: (attempt: number) => number;
  readonly logger: Logger | undefined;
}

const DURABLE_NAME = /^[a-z0-9-]{1,64}$/;
const GRACE_MS = 10_000;
const LONGEST_PAUSE_MS = 10_000;
/** Events are small and many: so many are fetched ahead of the handlers at least. */
const EVENTS_AHEAD = 64;

/** @throws InvalidSubscriptionError */
export function checkSubscribeOptions(options: SubscribeOptions): void {
  const { durable, stream, subjects, concurrency, ackWaitMs, maxFailures } = options;
  const refuse = (problem: string): never => {
    throw new InvalidSubscriptionError(durable, problem);
  };
  if (!DURABLE_NAME.test(durable)) refuse('a durable is named by 1 to 64 of a-z, 0-9 and -.');
  if (subjects.length === 0) refuse('it names no subject.');
  for (const subject of subjects) {
    if (!isSubjectOf(stream, subject)) refuse(`${subject} is no subject of ${stream}.`);
  }
  if (!Number.isInteger(concurrency) || concurrency < 1) refuse('concurrency is at least 1.');
  if (!Number.isInteger(maxFailures) || maxFailures < 1) refuse('maxFailures is at least 1.');
  if (!(ackWaitMs >= 50)) refuse('ackWaitMs is at least 50.');
}

/** Fetches, handles `concurrency` at once, and settles, until it is closed. */
export function startSubscription(options: ConsumeOptions): Subscription {
  return new RunningSubscription(options);
}

class RunningSubscription implements Subscription {
  readonly #options: ConsumeOptions;
  readonly #ahead: number;
  readonly #waiting: HeldDelivery[] = [];
  readonly #handling = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  readonly #room = createWakeUp();
  readonly #pumping: Promise<void>;
  readonly #keeper: NodeJS.Timeout;
  #closing: Promise<void> | null = null;
  #isExtending = false;
  /** Closed, and its grace is over: what is still in hand is left to its lease. */
  #isOver = false;
  #lastProgress = Date.now();
  /** Every handler has been busy for longer than a lease: nothing more is taken until one ends. */
  #isStalled = false;

  constructor(options: ConsumeOptions) {
    this.#options = options;
    const { stream, concurrency, ackWaitMs } = options;
    this.#ahead = stream === 'JOBS' ? concurrency : Math.max(EVENTS_AHEAD, 2 * concurrency);
    this.#keeper = setInterval(() => this.#keepWaiting(), ackWaitMs / 3);
    this.#keeper.unref();
    this.#pumping = this.#pump();
  }

  close(graceMs = GRACE_MS): Promise<void> {
    this.#closing ??= this.#close(graceMs);
    return this.#closing;
  }

  async #close(graceMs: number): Promise<void> {
    this.#stop.abort();
    await this.#pumping;
    clearInterval(this.#keeper);
    await this.#try(
      'giving back',
      Promise.all(this.#waiting.splice(0).map((held) => held.giveBack())),
    );
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([Promise.all(this.#handling), grace]);
    clearTimeout(timer);
    this.#isOver = true;
  }

  async #pump(): Promise<void> {
    const { source } = this.#options;
    const { signal } = this.#stop;
    // Events are fetched again when a good part was handled, jobs as soon as one hand is free.
    const least = this.#options.stream === 'JOBS' ? 1 : Math.ceil(this.#ahead / 4);
    const take = (held: HeldDelivery): void => this.#take(held);
    const room: Room = {
      least,
      free: () => this.#ahead - this.#waiting.length - this.#handling.size,
    };
    let failures = 0;
    while (!signal.aborted) {
      if (room.free() < least || this.#isStalled) {
        await this.#room.wait(60_000, signal);
        continue;
      }
      try {
        await source.fetch(room, take, signal);
        failures = 0;
      } catch (error) {
        failures += 1;
        const pauseMs = Math.min(LONGEST_PAUSE_MS, 50 * 2 ** failures);
        if (this.#closing === null) this.#warn('fetching', error, { pauseMs });
        await createWakeUp().wait(pauseMs, signal);
      }
    }
    await this.#try('draining', source.drain(take));
  }

  #take(held: HeldDelivery): void {
    this.#waiting.push(held);
    this.#handleNext();
  }

  #handleNext(): void {
    if (this.#stop.signal.aborted || this.#handling.size >= this.#options.concurrency) return;
    const held = this.#waiting.shift();
    if (held === undefined) return;
    this.#lastProgress = Date.now();
    const handling = this.#handle(held).finally(() => {
      this.#handling.delete(handling);
      this.#lastProgress = Date.now();
      this.#isStalled = false;
      this.#handleNext();
      this.#room.ring();
    });
    this.#handling.add(handling);
  }

  async #handle(held: HeldDelivery): Promise<void> {
    const working = async (): Promise<void> => {
      if (this.#isOver) return;
      // Long work that says so is no hang.
      this.#lastProgress = Date.now();
      await held.delivery.working();
    };
    const outcome = await this.#outcomeOf({ ...held.delivery, working });
    await this.#try('settling', held.settle(outcome));
  }

  async #outcomeOf(delivery: Delivery): Promise<Outcome> {
    const { handler, maxFailures, retryDelayMs } = this.#options;
    let outcome: Outcome;
    try {
      outcome = (await handler(delivery)) ?? { kind: 'ack' };
    } catch (error) {
      const delayMs = retryDelayMs(delivery.attempt);
      outcome = isTransient(error)
        ? { kind: 'wait', delayMs }
        : { kind: 'retry', delayMs, reason: describeError(error) };
      this.#warn('handling', error, { id: delivery.id, attempt: delivery.attempt });
    }
    const failures = delivery.failures + 1;
    if (outcome.kind !== 'retry' || failures < maxFailures) return outcome;
    return { kind: 'dead-letter', reason: `${outcome.reason} (${failures} failures)` };
  }

  /** Extends what waits; but behind handlers that hang it would wait for ever, and others may have free hands. */
  #keepWaiting(): void {
    const { ackWaitMs, concurrency } = this.#options;
    const isBusy = this.#handling.size >= concurrency;
    this.#isStalled = isBusy && Date.now() - this.#lastProgress > ackWaitMs;
    if (this.#isStalled) {
      for (const held of this.#waiting.splice(0)) void this.#try('giving back', held.giveBack());
    } else if (!this.#isExtending) {
      // One round at a time: behind a bus that is slower than they come they would heap up.
      this.#isExtending = true;
      const extended = this.#waiting.map((held) => this.#try('extending', held.extend()));
      void Promise.all(extended).then(() => {
        this.#isExtending = false;
      });
    }
  }

  /** What fails here is delivered again when its lease ends. */
  async #try(what: string, work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.#warn(what, error, {});
    }
  }

  /** The stores may close under what is still in hand when the grace is over. */
  #warn(what: string, error: unknown, fields: object): void {
    const { durable, logger } = this.#options;
    logger?.[this.#isOver ? 'debug' : 'warn']({ durable, error, ...fields }, `${what} failed`);
  }
}
