import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { Bus, DeadLetter, Message, SubscribeOptions, Subscription } from '../../src/index.ts';

export interface BusHarness {
  /** A bus on the same store; `retryDelayMs` is 20 for every attempt. */
  readonly connect: () => Promise<Bus>;
  readonly stop: () => Promise<void>;
}

/** What belongs to one test: all tests share the two streams. */
export interface BusNames {
  readonly bus: Bus;
  readonly event: string;
  readonly job: string;
  readonly durable: string;
}

const LIMIT_MS = 20_000;

export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const givesUpAt = Date.now() + LIMIT_MS;
  while (!(await condition())) {
    if (Date.now() > givesUpAt) throw new Error(`waited in vain until ${what}`);
    await sleep(10);
  }
}

export function nameOf(message: { readonly data: Uint8Array }): string {
  return new TextDecoder().decode(message.data);
}

export function messageOn(subject: string, name: string, rest: Partial<Message> = {}): Message {
  return {
    subject,
    id: `${subject}-${name}`,
    headers: { 'ce-id': name },
    data: new TextEncoder().encode(name),
    ...rest,
  };
}

/** Opens a bus for the tests of a `describe`, gives each test names of its own, and closes what they opened. */
export function useBus(prefix: string, start: () => Promise<BusHarness>) {
  let harness: BusHarness;
  let bus: Bus;
  let names: BusNames;
  let count = 0;
  const open: { close(): Promise<void> }[] = [];

  beforeAll(async () => {
    harness = await start();
    bus = await harness.connect();
  });
  afterAll(async () => {
    await bus.close();
    await harness.stop();
  });
  beforeEach(() => {
    count += 1;
    const name = `${prefix}${count}`;
    const event = `deepstyle.test.${name}.v1`;
    names = { bus, event, job: `deepstyle.jobs.${name}`, durable: `durable-${name}` };
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  });

  return {
    names: () => names,
    /** Another bus on the same store, as another process would have it. */
    async connect(): Promise<Bus> {
      const other = await harness.connect();
      open.push(other);
      return other;
    },
    publish: (...messages: Message[]) => Promise.all(messages.map((one) => bus.publish(one))),
    async subscribe(
      options: Partial<SubscribeOptions>,
      handler: Parameters<Bus['subscribe']>[1],
      on: Bus = bus,
    ): Promise<Subscription> {
      const subscription = await on.subscribe(
        {
          stream: 'EVENTS',
          durable: names.durable,
          subjects: [names.event],
          concurrency: 4,
          ackWaitMs: 10_000,
          maxFailures: 5,
          ...options,
        },
        handler,
      );
      open.push(subscription);
      return subscription;
    },
    /** The dead letters of this test's durable, or of another one. */
    letters: async (durable = names.durable): Promise<readonly DeadLetter[]> =>
      (await bus.deadLetters({ after: 0, limit: 1000 })).filter((one) => one.durable === durable),
    isDone: async (): Promise<boolean> => (await bus.lag('EVENTS', names.durable)) === 0,
  };
}
