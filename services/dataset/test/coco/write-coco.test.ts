import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { exportFolder } from '../../src/export-dataset.ts';
import { DEFAULT_OPEN_OPTIONS } from '../../src/open-dataset.ts';
import {
  createTestFolder,
  type TestFolder,
  writeImages,
  writeLists,
} from '../drawn-deepfashion.ts';
import { readAll } from '../reading.ts';

let folder: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
});
afterEach(() => folder.remove());

const OPTIONS = { ...DEFAULT_OPEN_OPTIONS, strict: false, name: 'Drawn' };
const fixture = (name: string) => join(import.meta.dirname, '../fixtures', name);

async function exported(path: string, split: 'train' | 'val' | null = null) {
  const output = join(folder.path, 'out', 'coco.json');
  const result = await exportFolder(path, OPTIONS, { output, split });
  const text = readFileSync(output, 'utf8');
  return { result, output, text, coco: JSON.parse(text) };
}

describe('COCO written from a DeepFashion folder', () => {
  test('has every field that Detectron asks for, and records the convention of widths', async () => {
    writeLists(folder);
    const { coco, result } = await exported(folder.path);
    expect(result).toMatchObject({ images: 4, annotations: 4 });
    expect(coco.info).toEqual({ description: 'Drawn', version: '', box_convention: 'exclusive' });
    for (const image of coco.images) {
      expect(image).toMatchObject({ id: expect.any(Number), width: expect.any(Number) });
      expect(image).toMatchObject({ height: expect.any(Number), file_name: expect.any(String) });
    }
    const ids = new Set(coco.images.map(({ id }: { id: number }) => id));
    for (const each of coco.annotations) {
      expect(ids.has(each.image_id)).toBe(true);
      expect(each.area).toBeGreaterThan(0);
      expect(each.iscrowd).toBe(0);
      expect(each.bbox).toHaveLength(4);
      // The polygon test of Detectron: a list of lists of 6 values or more.
      expect(each.segmentation[0].length).toBeGreaterThanOrEqual(6);
    }
  });

  test('holds one split where one is asked for', async () => {
    writeLists(folder);
    const { coco } = await exported(folder.path, 'train');
    expect(coco.images.map(({ split }: { split: string }) => split)).toEqual(['train', 'train']);
    expect(coco.annotations).toHaveLength(2);
  });

  test('reads the sizes of images from their headers where no list tells them', async () => {
    writeLists(folder);
    const listed = await exported(folder.path);
    writeLists(folder, { 'Anno/list_image_size.txt': null });
    folder.write('Anno/list_image_size.txt', '0\nimage_name  width  height\n');
    await writeImages(folder);
    const measured = await exported(folder.path);
    expect(measured.coco).toEqual(listed.coco);
  });

  test('is read back as the same dataset', async () => {
    writeLists(folder);
    const { output } = await exported(folder.path);
    const back = await readAll(output);
    const straight = await readAll(folder.path);
    expect(back.found).toEqual([]);
    expect(back.images).toEqual(straight.images);
    expect(back.source).toEqual(straight.source);
  });

  test('leaves no half-written file where it fails', async () => {
    writeLists(folder);
    const options = { ...OPTIONS, strict: true };
    const output = join(folder.path, 'out', 'coco.json');
    await expect(exportFolder(folder.path, options, { output, split: null })).rejects.toThrow();
    expect(() => readFileSync(output)).toThrow();
  });
});

// fixtures/summarise.py made these with pycocotools 2.0.11: what it reads of the file that the test compares with.
describe('pycocotools', () => {
  test('reads what was written from DeepFashion lists', async () => {
    writeLists(folder);
    const { text, coco } = await exported(folder.path);
    expect(text).toBe(readFileSync(fixture('drawn.coco.json'), 'utf8'));
    const summary = JSON.parse(readFileSync(fixture('drawn.summary.json'), 'utf8'));
    expect(summary.images).toBe(4);
    // An axis-parallel polygon covers as many pixels as its box has area.
    expect(summary.maskAreas).toEqual(
      Object.fromEntries(coco.annotations.map(({ id, area }: never) => [String(id), area])),
    );
    expect(summary.perfectStats.slice(0, 3)).toEqual([1, 1, 1]);
  });

  test('reads polygons, crowds and run lengths after a round trip as before', async () => {
    const { text } = await exported(fixture('masks.coco.json'));
    expect(text).toBe(readFileSync(fixture('masks-written.coco.json'), 'utf8'));
    const before = JSON.parse(readFileSync(fixture('masks.summary.json'), 'utf8'));
    const after = JSON.parse(readFileSync(fixture('masks-written.summary.json'), 'utf8'));
    expect(after).toEqual(before);
  });
});
