import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { Bus, Delivery, Retention } from '../../src/index.ts';
import { messageOn, nameOf, until } from './bus-fixture.ts';

const SUBJECT = 'deepstyle.kept.tested.v1';
/** Everything is old at once, so that only what is not handled stays. */
const NOTHING: Retention = { maxAgeMs: 1, everyMs: 40 };

const subscription = (durable: string) =>
  ({
    stream: 'EVENTS',
    durable,
    subjects: [SUBJECT],
    concurrency: 4,
    ackWaitMs: 10_000,
    maxFailures: 5,
  }) as const;

export async function publishNumbered(bus: Bus, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => String(index));
  await Promise.all(names.map((name) => bus.publish(messageOn(SUBJECT, name))));
}

/** Creates a durable that nobody reads. */
export async function leaveDurable(bus: Bus, durable: string): Promise<void> {
  const left = await bus.subscribe(subscription(durable), async () => ({
    kind: 'wait',
    delayMs: 1,
  }));
  await left.close();
}

/** Reads a durable; the names of what it got, in the order of their coming. */
export async function readDurable(
  bus: Bus,
  durable: string,
  handler: (delivery: Delivery) => ReturnType<Parameters<Bus['subscribe']>[1]> = async () =>
    undefined,
): Promise<string[]> {
  const got: string[] = [];
  await bus.subscribe(subscription(durable), (delivery) => {
    got.push(nameOf(delivery));
    return handler(delivery);
  });
  return got;
}

/** What EVENTS keeps, on a store of its own. `open` gives a new store; the bus and it are closed by `close`. */
export function describeKept(
  open: (retention: Retention) => Promise<{ readonly bus: Bus; close(): Promise<void> }>,
): void {
  describe('bus contract: what is kept', () => {
    test('what a durable has not handled stays, and is named; what all have handled goes', async () => {
      const { bus, close } = await open(NOTHING);
      await leaveDurable(bus, 'slow');
      const quick = await readDurable(bus, 'quick');
      await publishNumbered(bus, 50);
      await until('the quick one has all', () => quick.length === 50);
      await until('all is acked', async () => (await bus.lag('EVENTS', 'quick')) === 0);
      // Several looks of the retention pass.
      await sleep(300);
      expect((await bus.eventsUsage()).durables[0]).toEqual({ name: 'slow', holds: 50 });
      const slow = await readDurable(bus, 'slow');
      await until('the slow one has all', () => new Set(slow).size === 50);
      await until('nothing is kept', async () => (await bus.eventsUsage()).bytes === 0);
      await close();
    });

    test('an event that waits for its next try stays, though those behind it are handled', async () => {
      const { bus, close } = await open(NOTHING);
      let isAway = true;
      const got = await readDurable(bus, 'waiting', async (delivery) =>
        nameOf(delivery) === '0' && isAway ? { kind: 'wait', delayMs: 100 } : undefined,
      );
      await publishNumbered(bus, 20);
      await until('the rest is handled', async () => (await bus.lag('EVENTS', 'waiting')) === 1);
      await sleep(300);
      isAway = false;
      const before = got.length;
      await until('nothing is kept', async () => (await bus.eventsUsage()).bytes === 0);
      expect(got.slice(before)).toContain('0');
      await close();
    });

    test('a durable to whose subjects nothing comes keeps nothing', async () => {
      const { bus, close } = await open(NOTHING);
      const idle = { ...subscription('idle'), subjects: ['deepstyle.idle.tested.v1'] };
      await bus.subscribe(idle, async () => undefined);
      await bus.publish(messageOn('deepstyle.idle.tested.v1', 'first'));
      await until('it has one', async () => (await bus.lag('EVENTS', 'idle')) === 0);
      const other = await readDurable(bus, 'other');
      await publishNumbered(bus, 20);
      await until('the other has all', () => other.length === 20);
      await until('nothing is kept', async () => (await bus.eventsUsage()).bytes === 0);
      await close();
    });
  });
}
