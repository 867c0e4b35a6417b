import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@deepstyle/testkit';
import { MemoryBudget } from '@deepstyle/vision';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { checkFolder, openFolder } from '../../src/sources/folder.ts';
import type { SourceItem } from '../../src/sources/source-item.ts';

let root = '';
let remove = async () => {};
beforeEach(async () => {
  const folder = await temporaryFolder('scraper-folder');
  root = folder.path;
  remove = folder.remove;
});
afterEach(() => remove());

async function write(...paths: string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), path);
  }
}

function options(folder = root, roots = ['*']) {
  return { folder, season: 'FW2019', roots, maxPhotoBytes: 100 };
}

async function found(folder = root): Promise<SourceItem[]> {
  const items: SourceItem[] = [];
  for await (const item of (await openFolder(options(folder))).items) items.push(item);
  return items;
}

/** `name: category` or `name! code`, without the temporary part. */
async function told(folder = root): Promise<string[]> {
  return (await found(folder)).map((item) => {
    const name = item.name.slice(item.name.indexOf('/') + 1);
    return item.kind === 'candidate' ? `${name}: ${item.claims.category}` : `${name}! ${item.code}`;
  });
}

function problem(folder: string, roots?: string[]): Promise<string> {
  return checkFolder(options(folder, roots)).then(
    () => 'none',
    (error: { reason: string }) => error.reason,
  );
}

describe('a folder', () => {
  test('gives all files by name; the first subfolder is the category', async () => {
    await write('dress/b.jpg', 'dress/a.jpg', 'coat/2019/look/c.jpg', 'loose.jpg');
    expect(await told()).toEqual([
      'coat/2019/look/c.jpg: coat',
      'dress/a.jpg: dress',
      'dress/b.jpg: dress',
      'loose.jpg: null',
    ]);
    expect((await openFolder(options())).expected).toBe(4);
  });

  test('with folders of seasons gives those of the season only', async () => {
    await write('FW2019/coat/a.jpg', 'fw2018/coat/b.jpg', 'manifest.jsonl');
    expect(await told()).toEqual(['FW2019/coat/a.jpg: coat']);
  });

  test('hidden files and folders do not count', async () => {
    await write('.DS_Store', '.cache/a.jpg', 'dress/.hidden.jpg', 'dress/a.jpg');
    expect(await told()).toEqual(['dress/a.jpg: dress']);
  });

  test('a link to a file inside is followed, one that leads out is not, nor a linked folder', async () => {
    await write('in/dress/a.jpg', 'secret.jpg', 'elsewhere/b.jpg');
    const inside = join(root, 'in');
    await symlink(join(inside, 'dress/a.jpg'), join(inside, 'link.jpg'));
    await symlink(join(root, 'secret.jpg'), join(inside, 'out.jpg'));
    await symlink(join(root, 'elsewhere'), join(inside, 'outside'));
    await symlink(inside, join(inside, 'circle'));
    await symlink(join(inside, 'nothing'), join(inside, 'dangling.jpg'));
    expect(await told(inside)).toEqual([
      'dangling.jpg! UNREADABLE',
      'dress/a.jpg: dress',
      'link.jpg: null',
      'out.jpg! OUTSIDE_FOLDER',
      'outside! OUTSIDE_FOLDER',
    ]);
  });

  test('reads its files up to the limit', async () => {
    await write('a.jpg');
    await writeFile(join(root, 'b.jpg'), Buffer.alloc(101));
    const [small, large] = await found();
    const { signal } = new AbortController();
    const memory = new MemoryBudget(1000).lease();
    if (small?.kind !== 'candidate' || large?.kind !== 'candidate') throw new Error('no files');
    expect(Buffer.from(await small.read(signal, memory)).toString()).toBe('a.jpg');
    await expect(large.read(signal, memory)).rejects.toMatchObject({ rejection: 'TOO_LARGE' });
  });
});

describe('a folder is refused before a run begins', () => {
  test('where it is not there, is a file, or is empty', async () => {
    await write('file.jpg', 'empty/.hidden');
    await mkdir(join(root, 'deep/deeper'), { recursive: true });
    expect(await problem(join(root, 'missing'))).toBe('FOLDER_NOT_FOUND');
    expect(await problem(join(root, 'file.jpg'))).toBe('NOT_A_FOLDER');
    expect(await problem(join(root, 'file.jpg/below'))).toBe('NOT_A_FOLDER');
    expect(await problem(join(root, 'empty'))).toBe('FOLDER_EMPTY');
    expect(await problem(join(root, 'deep'))).toBe('FOLDER_EMPTY');
  });

  test('where it has seasons but not this one', async () => {
    await write('FW2018/a.jpg');
    await expect(checkFolder(options())).rejects.toThrow(/FW2018.*none for FW2019/);
  });

  test('where it may not be read', async () => {
    await write('closed/a.jpg');
    await chmod(join(root, 'closed'), 0o000);
    // The superuser reads everything, so there the folder is simply fine.
    const expected = process.getuid?.() === 0 ? 'none' : 'SOURCE_UNREADABLE';
    expect(await problem(join(root, 'closed'))).toBe(expected);
    await chmod(join(root, 'closed'), 0o700);
  });

  test('where no root allows it, by its path or behind a link', async () => {
    await write('allowed/a.jpg', 'allowed-not/a.jpg');
    const allowed = join(root, 'allowed');
    await symlink(join(root, 'allowed-not'), join(allowed, 'link'));
    expect(await problem(allowed, [allowed])).toBe('none');
    expect(await problem(join(root, 'allowed-not'), [allowed])).toBe('FOLDER_NOT_PERMITTED');
    expect(await problem(join(allowed, '../allowed-not'), [allowed])).toBe('FOLDER_NOT_PERMITTED');
    expect(await problem(join(allowed, 'link'), [allowed])).toBe('FOLDER_NOT_PERMITTED');
    // Whether something is there is not told either.
    expect(await problem(join(root, 'missing'), [allowed])).toBe('FOLDER_NOT_PERMITTED');
    expect(await problem(allowed, [])).toBe('FOLDER_NOT_PERMITTED');
  });

  test('with a message that names it and the way out', async () => {
    const path = join(root, 'missing');
    await expect(checkFolder(options(path))).rejects.toThrow(`There is no folder ${path}. Check`);
  });
});
