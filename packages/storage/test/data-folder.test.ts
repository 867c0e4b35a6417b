import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { temporaryFolder } from '@deepstyle/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openPgliteServer } from '../src/index.ts';

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
      message: expect.stringMatching(`process ${process.pid} \\(.+, since 20.+\\)`),
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
    await (await openPgliteServer({ folder: path })).close();
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
