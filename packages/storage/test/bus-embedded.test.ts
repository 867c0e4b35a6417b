import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '@deepstyle/platform';
import {
  describeWithServer,
  type PostgresServer,
  startPostgres,
  temporaryFolder,
} from '@deepstyle/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { applyRetention } from '../src/bus/embedded/retention.ts';
import { BUS_TABLES } from '../src/bus/embedded/tables.ts';
import {
  applyMigrations,
  createEmbeddedBus,
  type DatabaseServer,
  openPgliteServer,
  openPostgresServer,
} from '../src/index.ts';
import { describeBus } from './contracts/bus-contract.ts';
import { describeKept } from './contracts/bus-kept-contract.ts';

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

  let kept = 0;
  describeKept(async (retention) => {
    kept += 1;
    const database = await server.schema(`bus_kept_${kept}`);
    const bus = await createEmbeddedBus({ database, ...quick, retention });
    return { bus, close: () => bus.close() };
  });

  test('work that outlives its grace and the database is no warning', async () => {
    const lines: { readonly level: string; readonly msg: string }[] = [];
    const write = (line: string) => void lines.push(JSON.parse(line));
    const logger = createLogger({ level: 'debug', name: 'test', write });
    const own = await openPgliteServer({ folder: join(folder.path, 'outlived') });
    const bus = await createEmbeddedBus({ database: await own.schema('bus'), ...quick, logger });
    const gate = () => {
      let open: () => void = () => undefined;
      const opened = new Promise<void>((resolve) => {
        open = resolve;
      });
      return { open: () => open(), opened };
    };
    const [begun, released] = [gate(), gate()];
    const options = {
      stream: 'JOBS',
      durable: 'outlived',
      subjects: ['deepstyle.jobs.outlived'],
      concurrency: 1,
      ackWaitMs: 300,
      maxFailures: 8,
    } as const;
    const subscription = await bus.subscribe(options, async ({ working }) => {
      begun.open();
      await released.opened;
      await working();
      return { kind: 'ack' };
    });
    await bus.publish({
      subject: 'deepstyle.jobs.outlived',
      id: 'x',
      headers: {},
      data: new Uint8Array(),
    });
    await begun.opened;
    await subscription.close(1);
    await bus.close();
    await own.close();
    released.open();
    while (!lines.some(({ msg }) => msg === 'settling failed')) await sleep(5);
    expect(lines.filter(({ level }) => level !== 'debug')).toEqual([]);
  });

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
      maxFailures: 5,
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

  test('dead letters of an older release are listed, in their order', async () => {
    const database = await server.schema('older');
    await applyMigrations(database, 'bus', BUS_TABLES.slice(0, 2));
    await database.transaction('test', (tx) =>
      tx.query(`INSERT INTO dead_letters
        (id, stream, durable, sequence, subject, message_id, headers, data, stored_at, attempts, reason)
        SELECT 'JOBS.old.' || n, 'JOBS', 'old', n, 'deepstyle.jobs.old', n, '{}', '', now(), 8, 'old'
        FROM generate_series(1, 3) AS n`),
    );
    const bus = await createEmbeddedBus({ database, ...quick });
    const letters = await bus.deadLetters({ after: 0, limit: 10 });
    expect(letters.map(({ id, place }) => `${id} ${place}`)).toEqual([
      'JOBS.old.1 1',
      'JOBS.old.2 2',
      'JOBS.old.3 3',
    ]);
    await bus.close();
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
