import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { drawSeasons, type TemporaryFolder, temporaryFolder, writeFolder } from '../src/index.ts';

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

test('a set becomes a folder by season and category, with a manifest line for each file', async () => {
  const set = await drawSeasons({ seed: 1, perSeason: 8, widthPx: 48, heightPx: 64 });
  const { manifest, files } = await writeFolder(join(folder.path, 'drawn'), set);
  expect(files).toHaveLength(set.photos.length);
  expect((await readdir(join(folder.path, 'drawn'))).sort()).toEqual([
    'FW2026',
    'SS2026',
    'manifest.jsonl',
  ]);
  const lines = (await readFile(manifest, 'utf8')).trim().split('\n');
  expect(lines).toHaveLength(set.photos.length);
  for (const [i, line] of lines.entries()) {
    const { file, season, category, brand, title, license } = JSON.parse(line);
    const photo = set.photos[i];
    expect({ file, season, category, brand, title }).toEqual({
      file: photo?.file,
      season: photo?.season,
      category: photo?.category,
      brand: photo?.brand,
      title: photo?.title,
    });
    expect(license).toBe('CC0-1.0');
    const written = await readFile(join(folder.path, 'drawn', file));
    expect(Buffer.compare(written, photo?.bytes ?? Buffer.alloc(0))).toBe(0);
  }
});
