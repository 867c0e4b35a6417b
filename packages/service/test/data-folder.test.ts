import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@deepstyle/testkit';
import { expect, test } from '@jest/globals';
import { prepareDataFolder } from '../src/data-folder.ts';

const modeOf = (path: string): number => statSync(path).mode & 0o777;

test('a new data folder is closed to other users, and the folder around it is not', async () => {
  await using folder = await temporaryFolder('data');
  const around = join(folder.path, 'around');
  prepareDataFolder(join(around, 'data'));
  expect([modeOf(join(around, 'data')), modeOf(around) & 0o055]).toEqual([0o700, 0o055]);
});

test('a data folder of an earlier version is closed too', async () => {
  await using folder = await temporaryFolder('data');
  mkdirSync(join(folder.path, 'database'));
  chmodSync(folder.path, 0o755);
  prepareDataFolder(folder.path);
  expect(modeOf(folder.path)).toBe(0o700);
});

test('a folder that holds other things stays as it is', async () => {
  await using folder = await temporaryFolder('data');
  mkdirSync(join(folder.path, 'photographs'));
  chmodSync(folder.path, 0o755);
  prepareDataFolder(folder.path);
  expect(modeOf(folder.path)).toBe(0o755);
});
