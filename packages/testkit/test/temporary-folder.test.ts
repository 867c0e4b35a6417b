import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '../src/index.ts';

test('each folder is new, and goes with all it holds; removing twice is no error', async () => {
  const one = await temporaryFolder();
  const other = await temporaryFolder('named');
  expect(one.path).not.toBe(other.path);
  expect(other.path).toContain('named-');
  await mkdir(join(one.path, 'deep', 'er'), { recursive: true });
  await writeFile(join(one.path, 'deep', 'er', 'file'), 'x');
  await one.remove();
  await one.remove();
  expect(existsSync(one.path)).toBe(false);
  expect(existsSync(other.path)).toBe(true);
  await other.remove();
});
