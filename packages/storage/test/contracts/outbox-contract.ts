import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  applyMigrations,
  type Bus,
  createOutbox,
  type Database,
  type DatabaseServer,
  type Message,
} from '../../src/index.ts';

export interface OutboxHarness {
  readonly server: DatabaseServer;
  readonly bus: Bus;
  readonly stop: () => Promise<void>;
}

const SUBJECT = 'deepstyle.outbox.tested.v1';

async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const givesUpAt = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > givesUpAt) throw new Error(`waited in vain until ${what}`);
    await sleep(10);
  }
}

/** A bus that only remembers, and fails when told to. */
function recordingBus() {
  const published: Message[] = [];
  let failure: Error | null = null;
  const bus = {
    async publish(message: Message) {
      await sleep(1);
      if (failure !== null) throw failure;
      published.push(message);
      return { sequence: published.length, duplicate: false };
    },
  } as unknown as Bus;
  return {
    bus,
    published,
    ids: () => published.map((message) => message.id),
    fail: (error: Error | null) => {
      failure = error;
    },
  };
}

/** The outbox over every kind of database, and over its bus. */
export function describeOutbox(start: () => Promise<OutboxHarness>): void {
  describe('outbox contract', () => {
    let harness: OutboxHarness;
    let database: Database;
    let count = 0;
    beforeAll(async () => {
      harness = await start();
    });
    afterAll(async () => {
      await harness.stop();
    });
    beforeEach(async () => {
      count += 1;
      database = await harness.server.schema(`outbox_${count}`);
      await applyMigrations(database, 'service', []);
    });

    const message = (name: string): Message => ({
      subject: SUBJECT,
      id: `${database.schema}-${name}`,
      headers: { 'ce-id': name, 'ce-time': '2024-01-01T00:00:00Z' },
      data: new Uint8Array([0, 39, 92, 255]),
    });
    const waiting = async (): Promise<number> => {
      const [row] = await database.transaction('test', (tx) =>
        tx.query<{ count: number }>('SELECT count(*)::int AS count FROM outbox'),
      );
      return row?.count ?? -1;
    };
    const add = (outbox: ReturnType<typeof createOutbox>, ...names: string[]) =>
      database.transaction('test.add', (tx) => outbox.add(tx, names.map(message)));

    test('what commits goes out, whole and in order; what rolls back does not', async () => {
      const recorded = recordingBus();
      const outbox = createOutbox({ database, bus: recorded.bus });
      await add(outbox, 'a', 'b');
      await database
        .transaction('test.fails', async (tx) => {
          await outbox.add(tx, [message('lost')]);
          throw new Error('rolled back');
        })
        .catch(() => undefined);
      await add(outbox, 'c');
      await outbox.flush();
      expect(recorded.published).toEqual([message('a'), message('b'), message('c')]);
      expect(await waiting()).toBe(0);
    });

    test('what waits is told by its subject until it is out', async () => {
      const recorded = recordingBus();
      const outbox = createOutbox({ database, bus: recorded.bus });
      await add(outbox, 'a', 'b');
      const { id, data } = message('a');
      expect(await outbox.pending(SUBJECT)).toContainEqual({ id, data });
      expect(await outbox.pending('deepstyle.outbox.other.v1')).toEqual([]);
      await outbox.flush();
      expect(await outbox.pending(SUBJECT)).toEqual([]);
    });

    test('through the real bus it reaches a subscriber', async () => {
      const outbox = createOutbox({ database, bus: harness.bus });
      outbox.start();
      const got: string[] = [];
      const subscription = await harness.bus.subscribe(
        {
          stream: 'EVENTS',
          durable: database.schema.replace('_', '-'),
          subjects: [SUBJECT],
          concurrency: 4,
          ackWaitMs: 5000,
          maxFailures: 3,
        },
        async (delivery) => {
          got.push(delivery.id);
          return undefined;
        },
      );
      await add(outbox, 'a');
      outbox.notify();
      await until('it came', () => got.includes(`${database.schema}-a`));
      await subscription.close();
      await outbox.close();
    });

    test('a commit that nobody told of is found soon all the same', async () => {
      const recorded = recordingBus();
      const outbox = createOutbox({ database, bus: recorded.bus, pollMs: 60_000 });
      outbox.start();
      await add(outbox, 'a');
      await until('it went out', () => recorded.published.length === 1);
      await outbox.close();
    });

    test('what another process added is found by looking', async () => {
      const recorded = recordingBus();
      const outbox = createOutbox({ database, bus: recorded.bus, pollMs: 50 });
      outbox.start();
      await add(createOutbox({ database, bus: recorded.bus }), 'a');
      await until('it went out', () => recorded.published.length === 1);
      await outbox.close();
    });

    test('a transaction that began earlier and commits later is not passed over', async () => {
      const recorded = recordingBus();
      const outbox = createOutbox({ database, bus: recorded.bus });
      let commit: () => void = () => undefined;
      const held = new Promise<void>((resolve) => {
        commit = resolve;
      });
      let wasAdded: () => void = () => undefined;
      const added = new Promise<void>((resolve) => {
        wasAdded = resolve;
      });
      const slow = database.transaction('test.slow', async (tx) => {
        await outbox.add(tx, [message('early')]);
        wasAdded();
        await held;
      });
      await added;
      // Where transactions run one after the other, the second simply waits for the first.
      const quick = add(outbox, 'late');
      await Promise.race([quick, sleep(200)]);
      commit();
      await Promise.all([slow, quick]);
      await outbox.flush();
      expect(recorded.ids().sort()).toEqual([message('early').id, message('late').id].sort());
    });

    test('while the bus fails everything waits, and then goes out', async () => {
      const recorded = recordingBus();
      recorded.fail(new Error('the bus is away'));
      const outbox = createOutbox({ database, bus: recorded.bus });
      await add(outbox, 'a', 'b');
      await expect(outbox.flush()).rejects.toThrow('the bus is away');
      expect(await waiting()).toBe(2);
      outbox.start();
      await sleep(50);
      recorded.fail(null);
      await until('both went out', () => recorded.published.length === 2);
      await outbox.close();
      expect(await waiting()).toBe(0);
    });

    test('several relays share the work and none sends twice', async () => {
      const recorded = recordingBus();
      const relays = [1, 2, 3].map(() => createOutbox({ database, bus: recorded.bus, pollMs: 20 }));
      const names = Array.from({ length: 700 }, (_, index) => String(index));
      await add(relays[0]!, ...names);
      for (const relay of relays) relay.start();
      await until('all went out', async () => (await waiting()) === 0);
      for (const relay of relays) await relay.close();
      expect(new Set(recorded.ids()).size).toBe(700);
      expect(recorded.published.length).toBe(700);
    });

    test('what a crashed relay had claimed goes out when its claim ends', async () => {
      const recorded = recordingBus();
      const outbox = createOutbox({ database, bus: recorded.bus });
      await add(outbox, 'a');
      await database.transaction('test.crash', (tx) =>
        tx.query("UPDATE outbox SET claimed_until = clock_timestamp() + interval '300 ms'"),
      );
      await outbox.flush();
      expect(recorded.published).toEqual([]);
      await sleep(320);
      await outbox.flush();
      expect(recorded.ids()).toEqual([message('a').id]);
    });

    test('what waits is told with the age of the oldest', async () => {
      const outbox = createOutbox({ database, bus: recordingBus().bus });
      expect(await outbox.backlog()).toEqual({ messages: 0, oldestSeconds: 0 });
      await add(outbox, 'a', 'b');
      await database.transaction('test.age', (tx) =>
        tx.query(`UPDATE outbox SET added_at = added_at - interval '1 hour' WHERE id LIKE '%-a'`),
      );
      const { messages, oldestSeconds } = await outbox.backlog();
      expect(messages).toBe(2);
      expect(Math.floor(oldestSeconds / 60)).toBe(60);
    });

    test('a message that no bus takes fails the transaction that adds it', async () => {
      const outbox = createOutbox({ database, bus: recordingBus().bus });
      const add = (bad: Partial<Message>) =>
        database.transaction('test', (tx) => outbox.add(tx, [{ ...message('a'), ...bad }]));
      await expect(add({ subject: 'nowhere' })).rejects.toMatchObject({
        reason: 'INVALID_MESSAGE',
      });
      await expect(add({ data: new Uint8Array(2_000_000) })).rejects.toMatchObject({
        reason: 'MESSAGE_TOO_LARGE',
      });
      expect(await waiting()).toBe(0);
    });

    test('the same id added twice waits once', async () => {
      const outbox = createOutbox({ database, bus: recordingBus().bus });
      await add(outbox, 'a');
      await add(outbox, 'a', 'b');
      expect(await waiting()).toBe(2);
    });
  });
}
