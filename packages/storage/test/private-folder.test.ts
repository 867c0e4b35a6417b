import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@deepstyle/testkit';
import { expect, test } from '@jest/globals';
import { openDatabaseServer, openObjects } from '../src/index.ts';

/** What is not closed to other users: paths below a folder, and that itself as an empty one. */
function openToOthers(folder: string): string[] {
  return ['', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })].filter(
    (name) => (statSync(join(folder, name)).mode & 0o077) !== 0,
  );
}

test('other users of the machine can neither read nor change the embedded database', async () => {
  await using folder = await temporaryFolder('private');
  const server = await openDatabaseServer({ dataFolder: folder.path });
  const database = await server.schema('test');
  await database.transaction('test.table', (tx) => tx.script('CREATE TABLE t (a text)'));
  await server.close();
  expect(openToOthers(join(folder.path, 'database'))).toEqual([]);
});

test('a database that an earlier version left open is closed to them', async () => {
  await using folder = await temporaryFolder('private');
  await (await openDatabaseServer({ dataFolder: folder.path })).close();
  const database = join(folder.path, 'database');
  chmodSync(database, 0o755);
  chmodSync(join(database, 'postgres'), 0o755);
  chmodSync(join(database, 'postgres', 'PG_VERSION'), 0o666);
  const server = await openDatabaseServer({ dataFolder: folder.path });
  expect(openToOthers(join(database, 'postgres'))).toEqual([]);
  expect(statSync(database).mode & 0o777).toBe(0o700);
  await server.close();
});

test('objects lie in a folder of their owner', async () => {
  await using folder = await temporaryFolder('private');
  mkdirSync(join(folder.path, 'objects'), { mode: 0o755 });
  writeFileSync(join(folder.path, 'objects', 'old'), '');
  const { store } = await openObjects({ dataFolder: folder.path, publicUrl: 'http://test' });
  await store.close();
  expect(statSync(join(folder.path, 'objects')).mode & 0o777).toBe(0o700);
});
