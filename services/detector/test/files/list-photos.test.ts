import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { listPhotos } from '../../src/files/list-photos.ts';

const PNG = Buffer.from('\u0089PNG\r\n\u001a\n0000', 'latin1');

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder('list-photos');
  await mkdir(join(folder.path, 'show/sub'), { recursive: true });
  for (const name of ['show/b.png', 'show/a.JPG', 'show/sub/c.webp', 'other.png'])
    await writeFile(at(name), PNG);
});
afterEach(() => folder.remove());

const at = (name: string) => join(folder.path, name);
const list = (...names: string[]) => listPhotos(names.map(at));
const namesIn = async (...names: string[]) => (await list(...names)).photos.map(({ name }) => name);

describe('the photographs of a folder', () => {
  test('come by name, those of subfolders too, named from the folder on', async () => {
    expect(await namesIn('show')).toEqual(['a.JPG', 'b.png', 'sub/c.webp']);
  });

  test('are files with the name of a picture, readable or not, or its first bytes; others are counted', async () => {
    await writeFile(at('show/phone.heic'), 'x');
    await writeFile(at('show/without-ending'), PNG);
    await writeFile(at('show/labels.json'), '{}');
    await writeFile(at('show/.hidden.png'), PNG);
    const { photos, refused, others } = await list('show');
    expect(photos.map(({ name }) => name)).toEqual([
      ...['a.JPG', 'b.png', 'phone.heic', 'sub/c.webp', 'without-ending'],
    ]);
    expect({ refused, others }).toEqual({ refused: [], others: 1 });
  });

  test('are missed by its name where there are none', async () => {
    await mkdir(at('empty'));
    await writeFile(at('empty/notes.txt'), 'no picture');
    await expect(list('empty')).rejects.toMatchObject({ reason: 'NO_PHOTOS' });
    await expect(list('empty')).rejects.toThrow(/empty, but other files: 1\.$/);
  });
});

describe('files and folders together', () => {
  test('are named from the folder above all of them', async () => {
    expect(await namesIn('show/sub', 'other.png')).toEqual(['show/sub/c.webp', 'other.png']);
    expect(await namesIn('show/b.png')).toEqual(['b.png']);
  });

  test('give each photograph once', async () => {
    expect(await namesIn('show/b.png', 'show', 'show/sub')).toEqual([
      ...['b.png', 'a.JPG', 'sub/c.webp'],
    ]);
  });

  test('name a file that a person named, whatever it is', async () => {
    await writeFile(at('notes.txt'), 'no picture');
    expect(await namesIn('notes.txt')).toEqual(['notes.txt']);
  });
});

describe('links', () => {
  test('that lead in a circle end, and are counted', async () => {
    await symlink(at('show'), at('show/sub/again'));
    const { photos, refused, repeatedFolders } = await list('show');
    expect(photos.map(({ name }) => name)).toEqual(['a.JPG', 'b.png', 'sub/c.webp']);
    expect({ refused, repeatedFolders }).toEqual({ refused: [], repeatedFolders: 1 });
  });

  test('to files and folders elsewhere are followed, once', async () => {
    await mkdir(at('elsewhere'));
    await writeFile(at('elsewhere/d.png'), PNG);
    await symlink(at('elsewhere'), at('show/linked'));
    await symlink(at('elsewhere/d.png'), at('show/z.png'));
    expect(await namesIn('show')).toEqual(['a.JPG', 'b.png', 'linked/d.png', 'sub/c.webp']);
  });

  test('to themselves or to nothing are named', async () => {
    await symlink('loop.png', at('show/loop.png'));
    await symlink('nowhere', at('show/missing.png'));
    const { photos, refused } = await list('show');
    expect(photos).toHaveLength(3);
    expect(refused).toEqual([
      { name: 'loop.png', reason: 'it is a link that leads back to itself' },
      { name: 'missing.png', reason: 'nothing is there' },
    ]);
  });
});
