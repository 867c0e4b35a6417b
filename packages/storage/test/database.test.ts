import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  describeWithServer,
  type PostgresServer,
  startPostgres,
  temporaryFolder,
} from '@deepstyle/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type DatabaseServer, openPgliteServer, openPostgresServer } from '../src/index.ts';
import { describeDatabase } from './contracts/database-contract.ts';
import { describeMigrations } from './contracts/migrations-contract.ts';
import { describeQueryBuilder } from './contracts/query-builder-contract.ts';

const REPOSITORY = join(import.meta.dirname, '../../..');

/** Runs a module of TypeScript text in a process of its own until it says `ready`. */
async function startScript(path: string, text: string) {
  writeFileSync(path, text);
  const child = spawn(
    process.execPath,
    ['--conditions=deepstyle:source', '--import', 'tsx', path],
    { stdio: ['ignore', 'pipe', 'inherit'], cwd: REPOSITORY },
  );
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunk.includes('ready')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`the script left with code ${code}`)));
  });
  return {
    pid: child.pid,
    kill: () =>
      new Promise<void>((resolve) => {
        child.removeAllListeners('exit');
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      }),
  };
}

const openScript = (folder: string, rest: string): string =>
  `import { openPgliteServer } from ${JSON.stringify(join(REPOSITORY, 'packages/storage/src/index.ts'))};
   const server = await openPgliteServer({ folder: ${JSON.stringify(folder)} });
   ${rest}`;

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

describe('the data folder', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let path: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
    path = join(folder.path, 'database');
  });
  afterEach(async () => {
    await folder.remove();
  });

  test('belongs to one process: a second opener is told which', async () => {
    const server = await openPgliteServer({ folder: path });
    await expect(openPgliteServer({ folder: path })).rejects.toMatchObject({
      reason: 'DATA_FOLDER_IN_USE',
      message: expect.stringContaining(`process ${process.pid}`),
    });
    await server.close();
    await (await openPgliteServer({ folder: path })).close();
  });

  test('keeps what was committed when its process is killed, and can be taken over at once', async () => {
    const script = await startScript(
      join(folder.path, 'writer.mts'),
      openScript(
        path,
        `const database = await server.schema('kept');
         await database.transaction('t', (tx) => tx.query('CREATE TABLE numbers (n int)'));
         await database.transaction('t', (tx) => tx.query('INSERT INTO numbers SELECT generate_series(1, 1000)'));
         void database.transaction('t', async (tx) => {
           await tx.query('INSERT INTO numbers VALUES (0)');
           console.log('ready');
           await new Promise(() => setInterval(() => undefined, 1000));
         }, { limitMs: 60000 });`,
      ),
    );
    await expect(openPgliteServer({ folder: path })).rejects.toMatchObject({
      message: expect.stringContaining(`process ${script.pid}`),
    });
    await script.kill();
    const server = await openPgliteServer({ folder: path });
    const database = await server.schema('kept');
    expect(
      await database.transaction('t', (tx) =>
        tx.query('SELECT count(*)::int AS count FROM numbers'),
      ),
    ).toEqual([{ count: 1000 }]);
    await server.close();
  });

  test('one of many that find a stale lock gets it', async () => {
    mkdirSync(path);
    // A process that cannot be: the kernel's ids end below.
    writeFileSync(
      join(path, 'lock'),
      JSON.stringify({ pid: 2 ** 30, host: hostname(), started: '', token: 'stale' }),
    );
    const results = await Promise.allSettled(
      [1, 2, 3].map(() => openPgliteServer({ folder: path })),
    );
    const opened = results.flatMap((result) =>
      result.status === 'fulfilled' ? [result.value] : [],
    );
    expect(opened.length).toBe(1);
    await opened[0]?.close();
  });

  test.each([
    ['the id of this process, in an earlier life', { pid: process.pid, started: 'boot/1' }],
    ['a half-written lock', null],
  ])('%s is stale', async (_what, owner) => {
    mkdirSync(path);
    const text =
      owner === null ? '{"pid":' : JSON.stringify({ ...owner, host: hostname(), token: 'x' });
    writeFileSync(join(path, 'lock'), text);
    await (await openPgliteServer({ folder: path })).close();
  });

  test('of another host is in use while its heart beats', async () => {
    mkdirSync(path);
    writeFileSync(
      join(path, 'lock'),
      JSON.stringify({ pid: 1, host: 'elsewhere', started: '', token: 'theirs' }),
    );
    let beats = 0;
    const heart = setInterval(() => {
      beats += 1;
      writeFileSync(join(path, 'lock.beat'), String(beats));
    }, 100);
    await expect(openPgliteServer({ folder: path })).rejects.toMatchObject({
      reason: 'DATA_FOLDER_IN_USE',
      message: expect.stringContaining('elsewhere'),
    });
    clearInterval(heart);
  });

  test('survives its thread: the transaction under way fails, the next one finds a new thread', async () => {
    const worker = join(folder.path, 'mortal-worker.mjs');
    const built = join(REPOSITORY, 'dist/pglite-worker.js');
    // Falls dead at the first statement that says so.
    writeFileSync(
      worker,
      `import { parentPort } from 'node:worker_threads';
       parentPort.on('message', ({ text = '' }) => { if (text.includes('fall dead')) process.exit(1); });
       await import(${JSON.stringify(built)});`,
    );
    const server = await openPgliteServer({ folder: path, workerUrl: worker });
    const database = await server.schema('mortal');
    await database.transaction('t', (tx) => tx.query('CREATE TABLE kept (n int)'));
    await expect(
      database.transaction('t', (tx) => tx.query("SELECT 'fall dead'")),
    ).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await database.transaction('t', (tx) => tx.query('SELECT * FROM kept'))).toEqual([]);
    await server.close();
  });

  test('of a newer version is left alone', async () => {
    mkdirSync(path);
    writeFileSync(join(path, 'format.json'), '{"format":99}');
    await expect(openPgliteServer({ folder: path })).rejects.toMatchObject({
      reason: 'DATA_FOLDER_TOO_NEW',
      message: expect.stringContaining('99'),
    });
    // And the lock is free again.
    writeFileSync(join(path, 'format.json'), '{"format":1}');
    await (await openPgliteServer({ folder: path })).close();
    expect(JSON.parse(readFileSync(join(path, 'format.json'), 'utf8'))).toEqual({ format: 1 });
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
    let most = 0;
    await Promise.all(
      Array.from({ length: 8 }, () =>
        database.transaction('test', async (tx) => {
          inside += 1;
          most = Math.max(most, inside);
          await tx.query('SELECT pg_sleep(0.1)');
          inside -= 1;
        }),
      ),
    );
    expect(most).toBe(8);
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
