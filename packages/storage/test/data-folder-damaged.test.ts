import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@deepstyle/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openDatabaseServer, openObjects } from '../src/index.ts';

const PUBLIC_URL = 'http://test';

describe('a data folder that was in use and is no longer whole', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let whole: string;
  let damaged: string;
  let tableFile: string;
  let count = 0;
  beforeAll(async () => {
    folder = await temporaryFolder();
    whole = join(folder.path, 'whole');
    const server = await openDatabaseServer({ dataFolder: whole });
    const { store } = await openObjects({ dataFolder: whole, publicUrl: PUBLIC_URL });
    await store.put('a/b', new Uint8Array([1]), 'text/plain');
    await store.close();
    const database = await server.schema('kept');
    tableFile = await database.transaction('t', async (tx) => {
      await tx.query('CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n');
      const [row] = await tx.query<{ path: string }>("SELECT pg_relation_filepath('kept') AS path");
      return row?.path ?? '';
    });
    await server.close();
  });
  afterAll(async () => {
    await folder.remove();
  });
  beforeEach(() => {
    count += 1;
    damaged = join(folder.path, `damaged-${count}`);
    cpSync(whole, damaged, { recursive: true });
  });

  const listing = (): string[] =>
    (readdirSync(damaged, { recursive: true }) as string[])
      .map((name) => `${name} ${statSync(join(damaged, name)).mtimeMs}`)
      // The lock comes and goes in it.
      .filter((line) => !line.startsWith('database '))
      .sort();

  test.each([
    ['database/', 'database', 'database is missing'],
    ['the folder of PostgreSQL', 'database/postgres', 'postgres is missing'],
    ['PG_VERSION', 'database/postgres/PG_VERSION', 'PG_VERSION is missing'],
    ['pg_control', 'database/postgres/global/pg_control', 'pg_control is missing'],
    ['the tables', 'database/postgres/base', 'base is missing'],
  ])('without %s is refused by name, and nothing in it is touched', async (_what, part, words) => {
    rmSync(join(damaged, part), { recursive: true });
    const before = listing();
    await expect(openDatabaseServer({ dataFolder: damaged })).rejects.toMatchObject({
      reason: 'DATA_FOLDER_DAMAGED',
      message: expect.stringMatching(new RegExp(`${words}.*backup`)),
    });
    expect(listing()).toEqual(before);
  });

  test.each(['objects', 'objects/objects'])('without %s is refused by name', async (part) => {
    rmSync(join(damaged, part), { recursive: true });
    await expect(openObjects({ dataFolder: damaged, publicUrl: PUBLIC_URL })).rejects.toMatchObject(
      {
        reason: 'DATA_FOLDER_DAMAGED',
        message: expect.stringContaining('objects/objects is missing'),
      },
    );
    expect(existsSync(join(damaged, part))).toBe(false);
  });

  test.each([
    ['a cut control file', 'global/pg_control', /pg_control/],
    ['a foreign version', 'PG_VERSION', /incompatible/],
    ['a cut map of files', 'global/pg_filenode.map', /pg_filenode\.map/],
  ])('with %s is refused in the words of PostgreSQL', async (_what, file, words) => {
    truncateSync(join(damaged, 'database/postgres', file), 1);
    await expect(openDatabaseServer({ dataFolder: damaged })).rejects.toMatchObject({
      reason: 'DATA_FOLDER_DAMAGED',
      message: expect.stringMatching(words),
    });
    expect(statSync(join(damaged, 'database/postgres', file)).size).toBe(1);
  });

  test.each([
    ['that is overwritten', (path: string) => writeFileSync(path, Buffer.alloc(8192, 7))],
    ['that is gone', (path: string) => renameSync(path, `${path}.away`)],
  ])('with a table %s tells so where it is read', async (_what, damage) => {
    damage(join(damaged, 'database/postgres', tableFile));
    const server = await openDatabaseServer({ dataFolder: damaged });
    const database = await server.schema('kept');
    await expect(
      database.transaction('t', (tx) => tx.query('SELECT * FROM kept')),
    ).rejects.toMatchObject({
      reason: 'DATA_FOLDER_DAMAGED',
      message: expect.stringContaining(tableFile),
    });
    await server.close();
  });

  test('is not one that is new, or empty, or whose first start was killed', async () => {
    const fresh = join(folder.path, 'fresh');
    mkdirSync(join(fresh, 'database'), { recursive: true });
    cpSync(join(whole, 'database/postgres'), join(fresh, 'database/postgres'), { recursive: true });
    await (await openDatabaseServer({ dataFolder: fresh })).close();
    const { store } = await openObjects({ dataFolder: fresh, publicUrl: PUBLIC_URL });
    await store.close();
  });
});
