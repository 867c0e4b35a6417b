import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  describeWithServer,
  type PostgresServer,
  startPostgres,
  temporaryFolder,
} from '@deepstyle/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  applyMigrations,
  checkDatabaseWrite,
  type DatabaseServer,
  openPgliteServer,
  openPostgresServer,
} from '../src/index.ts';
import { describeDatabase } from './contracts/database-contract.ts';
import { describeMigrations } from './contracts/migrations-contract.ts';
import { describeQueryBuilder } from './contracts/query-builder-contract.ts';

describe('PGlite', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let server: DatabaseServer;
  beforeAll(async () => {
    folder = await temporaryFolder();
    server = await openPgliteServer({ folder: join(folder.path, 'shared') });
  });
  afterAll(async () => {
    await server.close();
    await folder.remove();
  });
  // One instance for the suites: making a new one takes seconds.
  const harness = async () => ({ server, stop: async () => undefined });
  describeDatabase(harness);
  describeMigrations(harness);
  describeQueryBuilder(harness);

  test('a slow transaction of one schema delays the others and loses none', async () => {
    const [a, b] = [await server.schema('slow'), await server.schema('quick')];
    const order: string[] = [];
    const slow = a.transaction('test.slow', async (tx) => {
      await sleep(100);
      await tx.query('SELECT 1');
      order.push('slow');
    });
    const quick = [1, 2, 3].map((index) =>
      b.transaction('test.quick', async (tx) => {
        await tx.query('SELECT 1');
        order.push(`quick ${index}`);
      }),
    );
    await Promise.all([slow, ...quick]);
    expect(order).toEqual(['slow', 'quick 1', 'quick 2', 'quick 3']);
  });

  test('the event loop goes on while a statement runs', async () => {
    const database = await server.schema('busy');
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, 10);
    await database.transaction('test.busy', (tx) => tx.query('SELECT pg_sleep(0.3)'));
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(5);
  });
});

describeWithServer('postgres', 'PostgreSQL', () => {
  let postgres: PostgresServer;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(async () => {
    await postgres.stop();
  });
  const harness = async () => {
    const server = await openPostgresServer({ url: postgres.url });
    return { server, stop: () => server.close() };
  };
  describeDatabase(harness);
  describeMigrations(harness);
  describeQueryBuilder(harness);

  test('transactions of one process run side by side', async () => {
    const { server, stop } = await harness();
    const database = await server.schema('parallel');
    let inside = 0;
    let release: () => void = () => undefined;
    const allInside = new Promise<void>((resolve) => {
      release = resolve;
    });
    await Promise.all(
      Array.from({ length: 8 }, () =>
        database.transaction('test', async (tx) => {
          await tx.query('SELECT 1');
          inside += 1;
          if (inside === 8) release();
          // One after the other they would wait in vain.
          await allInside;
        }),
      ),
    );
    expect(inside).toBe(8);
    await stop();
  });

  test.each([
    [
      'a wrong password',
      (url: string) => url.replace(/:[^:@]+@/, ':not-the-password@'),
      /refuses the password of deepstyle/,
    ],
    [
      'an unknown user',
      (url: string) => url.replace('deepstyle:', 'nobody:'),
      /refuses the password of nobody/,
    ],
    [
      'an unknown database',
      (url: string) => url.replace(/postgres$/, 'nowhere'),
      /no database nowhere/,
    ],
    ['another scheme', (url: string) => url.replace('postgres:', 'mysql:'), /not of the form/],
    ['no URL', () => 'a-password-of-tests', /not of the form/],
  ])('%s is a clear error without the password', async (_what, change, message) => {
    const attempt = openPostgresServer({ url: change(postgres.url) });
    const error = await attempt.catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({
      reason: 'DATABASE_SETTINGS',
      message: expect.stringMatching(message),
    });
    expect(JSON.stringify(error) + (error as Error).message).not.toMatch(
      /not-the-password|a-password-of/,
    );
  });

  test('a server that is not there is named', async () => {
    await expect(openPostgresServer({ url: 'postgres://u:p@127.0.0.1:1/d' })).rejects.toMatchObject(
      { code: 'UNAVAILABLE', message: expect.stringContaining('127.0.0.1:1') },
    );
  });

  test('a user without the right to create schemas is told what to grant', async () => {
    const { server, stop } = await harness();
    const database = await server.schema('grants');
    await database.transaction('test', (tx) =>
      tx.script("CREATE ROLE guest LOGIN PASSWORD 'guest'"),
    );
    const guest = await openPostgresServer({
      url: `postgres://guest:guest@127.0.0.1:${postgres.port}/postgres`,
    });
    await expect(guest.schema('mine')).rejects.toMatchObject({
      reason: 'DATABASE_SETTINGS',
      message: expect.stringMatching(/guest may not create.*mine/),
    });
    await guest.close();
    await stop();
  });

  test.each([
    ['takes no writes', 'default_transaction_read_only = on', 'UNAVAILABLE'],
    ['has no room for a file', "temp_file_limit = '0kB'", 'UNAVAILABLE'],
  ])(
    'a server that %s passes the check of reading, not that of writing',
    async (what, setting, code) => {
      const { server, stop } = await harness();
      const role = `writer_${what.length}`;
      const database = await server.schema('roles');
      const run = (sql: string) => database.transaction('test', (tx) => tx.script(sql));
      await run(
        `CREATE ROLE ${role} LOGIN PASSWORD 'guest'; GRANT CREATE ON DATABASE postgres TO ${role}`,
      );
      const open = () =>
        openPostgresServer({ url: `postgres://${role}:guest@127.0.0.1:${postgres.port}/postgres` });
      const before = await open();
      const schema = await before.schema(role);
      await applyMigrations(schema, 'test', []);
      await checkDatabaseWrite(schema);
      await run(`ALTER ROLE ${role} SET ${setting}`);
      const after = await open();
      const same = await after.schema(role);
      await same.check();
      await expect(checkDatabaseWrite(same)).rejects.toMatchObject({ code });
      await before.close();
      await after.close();
      await stop();
    },
  );

  test('after a restart of the server the same pool works again', async () => {
    const { server, stop } = await harness();
    const database = await server.schema('restarts');
    const cut = database.transaction('test.cut', async (tx) => {
      await tx.query('SELECT 1');
      await postgres.restart();
      await tx.query('SELECT 1');
    });
    await expect(cut).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await database.check();
    await stop();
  });
});
