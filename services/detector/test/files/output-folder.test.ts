import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openOutputFolder } from '../../src/files/output-folder.ts';

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder('output-folder');
});
afterEach(() => folder.remove());
const at = (name: string) => join(folder.path, name);

describe('an output folder', () => {
  test('is made, and holds whole files alone', async () => {
    const output = await openOutputFolder(at('new/out'));
    await output.write('pictures/a/b.txt', 'whole');
    expect(await readFile(at('new/out/pictures/a/b.txt'), 'utf8')).toBe('whole');
    expect(await readdir(at('new/out'))).toEqual(['pictures']);
  });

  test('leaves nothing of a file that cannot be put in its place', async () => {
    const output = await openOutputFolder(at('out'));
    await mkdir(at('out/a.txt/b'), { recursive: true });
    await expect(output.write('a.txt', 'x')).rejects.toMatchObject({ reason: 'OUTPUT_FOLDER' });
    expect(await readdir(at('out'))).toEqual(['a.txt']);
  });

  test.each([
    ['one that is not empty', 'full', 'is not empty'],
    ['a file', 'file.txt', 'no folder'],
    ['one below a file', 'file.txt/out', 'no folder'],
    ['a link to itself', 'loop', 'cannot be used'],
  ])('is not %s', async (_name, name, message) => {
    await mkdir(at('full'));
    await writeFile(at('full/mine.txt'), 'mine');
    await writeFile(at('file.txt'), '');
    await symlink('loop', at('loop'));
    const opened = openOutputFolder(at(name));
    await expect(opened).rejects.toMatchObject({ reason: 'OUTPUT_FOLDER' });
    await expect(opened).rejects.toThrow(message);
    expect(await readdir(at('full'))).toEqual(['mine.txt']);
  });

  test('is none where nothing can be made', async () => {
    await expect(openOutputFolder('/sys/deepstyle/out')).rejects.toMatchObject({
      reason: 'OUTPUT_FOLDER',
    });
  });

  test('gives each file a name of its own, also where case does not count', async () => {
    const { freeName } = await openOutputFolder(at('out'));
    expect(['a', 'A', 'a', 'sub/a'].map((stem) => freeName(stem, '.jpg'))).toEqual([
      ...['a.jpg', 'A-2.jpg', 'a-3.jpg', 'sub/a.jpg'],
    ]);
    const [one, other] = [freeName('ü'.repeat(300), '.jpg'), freeName('ü'.repeat(301), '.jpg')];
    expect(Buffer.byteLength(one)).toBeLessThan(255);
    expect(other).not.toBe(one);
  });
});
