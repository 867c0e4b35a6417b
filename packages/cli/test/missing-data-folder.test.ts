import { existsSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { UsageError } from '../src/usage-error.ts';
import { runTyped } from './typed.ts';

const RUN = '0b2f6f7e-51a4-4d6c-9a55-1a4a8f0f3c11';
const ID = 'a1'.repeat(32);
const LETTER = 'EVENTS.cropper-photos.12';

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder('missing-data');
  await mkdir(join(folder.path, 'photos'));
});
afterAll(() => folder.remove());

test('a run that names no detector says how garments are found without a trained one, and makes no data folder', async () => {
  const args = ['run', '--photos', 'photos', '--season', 'FW2019', '--data', 'fresh'];
  const typed = runTyped(folder.path, args);
  await expect(typed).rejects.toThrow(UsageError);
  await expect(typed).rejects.toThrow(/--detector pose .*joints.*fetch\.sh.*--detector none/s);
  expect(existsSync(inFolder('fresh'))).toBe(false);
});

test('a run by the joints of people without its network says what fetches it, and makes no data folder', async () => {
  const args = ['run', '--photos', 'photos', '--season', 'FW2019', '--detector', 'pose'];
  const cache = { DEEPSTYLE_CACHE: inFolder('empty') };
  const typed = runTyped(folder.path, [...args, '--data', 'fresh'], cache);
  await expect(typed).rejects.toThrow(/empty.pose.movenet.*is missing.*scripts\/pose\/fetch\.sh/);
  expect(existsSync(inFolder('fresh'))).toBe(false);
});

const inFolder = (name: string) => join(folder.path, name);

describe('a data folder that is not there is made by no command that looks at one, or changes it', () => {
  test.each([
    [['run', 'list']],
    [['run', 'show', RUN]],
    [['run', 'cancel', RUN]],
    [['run', 'resume', RUN]],
    [['run', 'retry', RUN]],
    [['run', 'publish', RUN, '--incomplete']],
    [['events', 'dead-letters', 'list']],
    [['events', 'dead-letters', 'show', LETTER]],
    [['events', 'dead-letters', 'retry', '--all']],
    [['events', 'dead-letters', 'drop', LETTER]],
    [['backup', 'backup.tar']],
    [['dataset', 'export', ID, '--output', 'coco.json']],
    [['detector', 'train', ID]],
  ])('%j', async (args) => {
    // One with something in it is none either.
    for (const data of ['mistyped', 'photos']) {
      const typed = runTyped(folder.path, [...args, '--data', data]);
      await expect(typed).rejects.toThrow(UsageError);
      await expect(typed).rejects.toThrow(`There is no data folder at ${inFolder(data)} (--data).`);
    }
    expect(existsSync(inFolder('mistyped'))).toBe(false);
    expect(readdirSync(inFolder('photos'))).toEqual([]);
  });
});
