import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  describeWithServer,
  type NatsServer,
  type PostgresServer,
  startNats,
  startPostgres,
  temporaryFolder,
} from '@deepstyle/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { applyRetention } from '../src/bus/embedded/retention.ts';
import {
  createEmbeddedBus,
  createJetStreamBus,
  type DatabaseServer,
  openPgliteServer,
  openPostgresServer,
} from '../src/index.ts';
import { describeBus } from './contracts/bus-contract.ts';

const quick = { pollMs: 50, retryDelayMs: () => 20 };

describe('embedded on PGlite', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let server: DatabaseServer;
  beforeAll(async () => {
    folder = await temporaryFolder();
    server = await openPgliteServer({ folder: join(folder.path, 'database') });
  });
  afterAll(async () => {
    await server.close();
    await folder.remove();
  });

  describeBus(async () => ({
    connect: async () => createEmbeddedBus({ database: await server.schema('bus'), ...quick }),
    stop: async () => undefined,
  }));

  test('a job whose process is killed goes to the next one, and nothing published is lost', async () => {
    const path = join(folder.path, 'killed');
    const script = join(folder.path, 'worker.mts');
    const repository = join(import.meta.dirname, '../../..');
    const options = {
      stream: 'JOBS',
      durable: 'killed',
      subjects: ['deepstyle.jobs.killed'],
      concurrency: 1,
      ackWaitMs: 300,
      maxDeliveries: 5,
    } as const;
    writeFileSync(
      script,
      `import { createEmbeddedBus, openPgliteServer } from ${JSON.stringify(join(repository, 'packages/storage/src/index.ts'))};
       const server = await openPgliteServer({ folder: ${JSON.stringify(path)} });
       const bus = await createEmbeddedBus({ database: await server.schema('bus') });
       for (const id of ['a', 'b', 'c']) {
         await bus.publish({ subject: 'deepstyle.jobs.killed', id, headers: {}, data: new Uint8Array(1) });
       }
       await bus.subscribe(${JSON.stringify(options)}, async ({ id }) => {
         if (id === 'a') return;
         console.log('ready');
         await new Promise(() => setInterval(() => undefined, 1000));
       });`,
    );
    const child = spawn(
      process.execPath,
      ['--conditions=deepstyle:source', '--import', 'tsx', script],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        cwd: repository,
      },
    );
    await new Promise((resolve) => child.stdout.once('data', resolve));
    await new Promise((resolve) => {
      child.once('exit', resolve);
      child.kill('SIGKILL');
    });
    const next = await openPgliteServer({ folder: path });
    const bus = await createEmbeddedBus({ database: await next.schema('bus'), ...quick });
    const got: string[] = [];
    await bus.subscribe(options, async ({ id, attempt }) => {
      got.push(`${id} ${attempt}`);
      return undefined;
    });
    while (got.length < 2) await sleep(20);
    await bus.close();
    await next.close();
    // "a" was acked before; the acks of an embedded bus are as durable as what it stores.
    expect(got.sort()).toEqual(['b 2', 'c 1']);
  });

  describe('retention', () => {
    const store = async (schema: string, messages: number, bytes: number) => {
      const database = await server.schema(schema);
      const bus = await createEmbeddedBus({ database, ...quick });
      await Promise.all(
        Array.from({ length: messages }, (_, index) =>
          bus.publish({
            subject: 'deepstyle.a.b.v1',
            id: String(index),
            headers: {},
            data: new Uint8Array(bytes),
          }),
        ),
      );
      const sequences = async (): Promise<number[]> => {
        const rows = await database.transaction('test', (tx) =>
          tx.query<{ sequence: number }>(
            'SELECT sequence::int AS sequence FROM messages ORDER BY 1',
          ),
        );
        return rows.map((row) => row.sequence);
      };
      return { database, bus, sequences };
    };

    test('by size forgets the oldest, and no more than needed', async () => {
      const { database, bus, sequences } = await store('bus_size', 10, 1000);
      await applyRetention(database, { maxAgeMs: 3_600_000, maxBytes: 5 * 1040 });
      expect(await sequences()).toEqual([6, 7, 8, 9, 10]);
      await bus.close();
    });

    test('by age forgets what is older, in rounds, and keeps counting on', async () => {
      const { database, bus, sequences } = await store('bus_age', 2100, 1);
      await database.transaction('test', (tx) =>
        tx.query(
          "UPDATE messages SET stored_at = now() - interval '2 days' WHERE sequence <= 2095",
        ),
      );
      await applyRetention(database, { maxAgeMs: 24 * 3_600_000, maxBytes: 2 ** 30 });
      expect(await sequences()).toEqual([2096, 2097, 2098, 2099, 2100]);
      await applyRetention(database, { maxAgeMs: 0, maxBytes: 0 });
      expect(await sequences()).toEqual([]);
      const next = {
        subject: 'deepstyle.a.b.v1',
        id: 'next',
        headers: {},
        data: new Uint8Array(1),
      };
      expect(await bus.publish(next)).toEqual({ sequence: 2101, duplicate: false });
      await bus.close();
    });

    test('never takes jobs', async () => {
      const { database, bus } = await store('bus_jobs', 0, 0);
      await bus.publish({
        subject: 'deepstyle.jobs.a',
        id: 'a',
        headers: {},
        data: new Uint8Array(9),
      });
      await applyRetention(database, { maxAgeMs: 0, maxBytes: 0 });
      const rows = await database.transaction('test', (tx) => tx.query('SELECT 1 FROM messages'));
      expect(rows.length).toBe(1);
      await bus.close();
    });
  });
});

describeWithServer('postgres', 'embedded on PostgreSQL', () => {
  let postgres: PostgresServer;
  let server: DatabaseServer;
  beforeAll(async () => {
    postgres = await startPostgres();
    server = await openPostgresServer({ url: postgres.url, maxConnections: 20 });
  });
  afterAll(async () => {
    await server.close();
    await postgres.stop();
  });
  describeBus(async () => ({
    connect: async () => createEmbeddedBus({ database: await server.schema('bus'), ...quick }),
    stop: async () => undefined,
  }));
});

describeWithServer('nats', 'JetStream', () => {
  let nats: NatsServer;
  beforeAll(async () => {
    nats = await startNats();
  });
  afterAll(async () => {
    await nats.stop();
  });
  const connect = (url = nats.url) => createJetStreamBus({ url, retryDelayMs: () => 20 });
  describeBus(async () => ({ connect, stop: async () => undefined }));

  const event = (id: string) => ({
    subject: 'deepstyle.restart.tested.v1',
    id,
    headers: {},
    data: new Uint8Array(1),
  });

  test('a restart of the server loses nothing, and the same bus goes on', async () => {
    const own = await startNats();
    const bus = await connect(own.url);
    const got: string[] = [];
    await bus.subscribe(
      {
        stream: 'EVENTS',
        durable: 'survivor',
        subjects: [event('').subject],
        concurrency: 2,
        ackWaitMs: 2000,
        maxDeliveries: 5,
      },
      async (delivery) => {
        got.push(delivery.id);
        return undefined;
      },
    );
    await bus.publish(event('before'));
    await own.kill();
    await expect(bus.publish(event('while away'))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await own.restart();
    for (;;) {
      const isBack = await bus.publish(event('after')).then(
        () => true,
        () => false,
      );
      if (isBack) break;
    }
    while (!got.includes('after')) await sleep(20);
    expect(got[0]).toBe('before');
    await bus.close();
    await own.stop();
  });

  test('a durable that somebody deleted is made again', async () => {
    const bus = await connect();
    const got: string[] = [];
    await bus.subscribe(
      {
        stream: 'EVENTS',
        durable: 'deleted',
        subjects: ['deepstyle.deleted.tested.v1'],
        concurrency: 2,
        ackWaitMs: 2000,
        maxDeliveries: 5,
      },
      async (delivery) => {
        got.push(delivery.id);
        return undefined;
      },
    );
    const { connect: connectPlain } = await import('@nats-io/transport-node');
    const { jetstreamManager } = await import('@nats-io/jetstream');
    const other = await connectPlain({ servers: nats.url });
    await (await jetstreamManager(other)).consumers.delete('EVENTS', 'deleted');
    await other.close();
    await bus.publish({ ...event('again'), subject: 'deepstyle.deleted.tested.v1' });
    while (!got.includes('again')) await sleep(20);
    await bus.close();
  });

  test('many that start together agree on the streams', async () => {
    const own = await startNats();
    const buses = await Promise.all(Array.from({ length: 6 }, () => connect(own.url)));
    await Promise.all(buses.map((bus, index) => bus.publish(event(`together ${index}`))));
    for (const bus of buses) await bus.close();
    await own.stop();
  });

  test.each([
    ['a server that is not there', 'nats://127.0.0.1:1', 'BUS_UNAVAILABLE', /127\.0\.0\.1:1/],
    ['another scheme', 'http://127.0.0.1:4222', 'BUS_SETTINGS', /not of the form/],
    ['no URL', 'a-password-of-tests', 'BUS_SETTINGS', /not of the form/],
  ])('%s is a clear error', async (_what, url, reason, message) => {
    const error = await connect(url).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ reason, message: expect.stringMatching(message) });
    expect((error as Error).message).not.toContain('a-password-of-tests');
  });

  test('a wrong password is said without repeating it; the right one works', async () => {
    const own = await startNats({ args: ['--user', 'ann', '--pass', 'right-password'] });
    const error = await connect(own.url.replace('//', '//ann:wrong-password@')).catch(
      (thrown: unknown) => thrown as Error,
    );
    expect(error).toMatchObject({
      reason: 'BUS_SETTINGS',
      message: expect.stringMatching(/refuses the login/),
    });
    expect((error as Error).message).not.toContain('wrong-password');
    await (await connect(own.url.replace('//', '//ann:right-password@'))).close();
    await own.stop();
  });

  test('a server without JetStream is told apart', async () => {
    const own = await startNats({ jetstream: false });
    await expect(connect(own.url)).rejects.toMatchObject({
      reason: 'BUS_SETTINGS',
      message: expect.stringMatching(/no JetStream.*-js/),
    });
    await own.stop();
  });
});
