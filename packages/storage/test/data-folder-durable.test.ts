import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@deepstyle/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openPgliteServer } from '../src/index.ts';

const BUILT = join(import.meta.dirname, '../../../dist/pglite-worker.js');

describe('the data folder and a power cut', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(async () => {
    await folder.remove();
  });

  /** A worker that notes each of its syncs of a file. */
  function countSyncs() {
    const notes = join(folder.path, 'syncs');
    const workerUrl = join(folder.path, 'counting-worker.mjs');
    writeFileSync(notes, '');
    writeFileSync(
      workerUrl,
      `import fs from 'node:fs';
       import { syncBuiltinESMExports } from 'node:module';
       const { fdatasyncSync } = fs;
       fs.fdatasyncSync = (descriptor) => {
         fdatasyncSync(descriptor);
         fs.appendFileSync(${JSON.stringify(notes)}, '.');
       };
       syncBuiltinESMExports();
       await import(${JSON.stringify(BUILT)});`,
    );
    return { workerUrl, count: () => readFileSync(notes, 'utf8').length };
  }

  test('each commit is on the disk before it is answered, and closing writes a checkpoint', async () => {
    const { workerUrl, count } = countSyncs();
    const server = await openPgliteServer({ folder: join(folder.path, 'database'), workerUrl });
    const database = await server.schema('kept');
    const [setting] = await database.transaction('t', (tx) => tx.query('SHOW fsync'));
    expect(setting).toEqual({ fsync: 'on' });
    await database.transaction('t', (tx) => tx.query('CREATE TABLE numbers (n int)'));
    for (const n of [1, 2, 3]) {
      const before = count();
      await database.transaction('t', (tx) => tx.query('INSERT INTO numbers VALUES ($1)', [n]));
      expect(count()).toBe(before + 1);
    }
    const before = count();
    await database.transaction('t', (tx) => tx.query('SELECT * FROM numbers'));
    expect(count()).toBe(before);
    await server.close();
    // The log, the tables and the control file.
    expect(count()).toBeGreaterThan(before + 2);
  });
});
