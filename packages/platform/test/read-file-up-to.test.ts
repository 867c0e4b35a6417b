import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFileUpTo } from '../src/index.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'deepstyle-read-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function written(bytes: number): string {
  const path = join(folder, String(bytes));
  writeFileSync(path, Buffer.alloc(bytes, 7));
  return path;
}

test.each([0, 1, 99, 100])('a file of %d bytes is read whole up to its limit', async (bytes) => {
  expect(await readFileUpTo(written(bytes), 100)).toEqual(Buffer.alloc(bytes, 7));
});

test('a longer one is left', async () => {
  expect(await readFileUpTo(written(101), 100)).toBe('too large');
});

test('a file that hides its size is read up to the limit, and no further', async () => {
  const path = '/proc/self/maps';
  expect(statSync(path).size).toBe(0);
  expect(await readFileUpTo(path, 1_000)).toBe('too large');
  expect((await readFileUpTo(path, 10_000_000)).length).toBeGreaterThan(1_000);
});

test('a pipe and a folder are no files', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  expect(await readFileUpTo(pipe, 100)).toBe('no regular file');
  expect(await readFileUpTo(folder, 100)).toBe('no regular file');
});

test('one that is not there is told by the system', async () => {
  await expect(readFileUpTo(join(folder, 'none'), 100)).rejects.toMatchObject({ code: 'ENOENT' });
});
