import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { checkDataset } from '../src/check-dataset.ts';
import type { Irregularity } from '../src/irregularities.ts';
import { DEFAULT_OPEN_OPTIONS } from '../src/open-dataset.ts';
import { annotation, drawnCoco } from './coco/drawn-coco.ts';
import {
  createTestFolder,
  IMAGES,
  LISTS,
  type TestFolder,
  writeLists,
} from './drawn-deepfashion.ts';

let folder: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
});
afterEach(() => folder.remove());

const OPTIONS = { ...DEFAULT_OPEN_OPTIONS, isDeep: true };

test('a check tells what an import would keep, by category and size of box', async () => {
  writeLists(folder);
  const result = await checkDataset(folder.path, OPTIONS);
  expect(result).toMatchObject({
    format: 'deepfashion',
    boxConvention: 'exclusive',
    counts: { images: 4, annotations: 4, splits: { train: 2, val: 1, test: 1, none: 0 } },
    boxSizes: { small: 0, medium: 0, large: 4 },
    imageFolder: null,
  });
  expect(result.categories.map(({ name, annotations }) => [name, annotations])).toEqual([
    ['Blouse', 2],
    ['Skirt', 1],
    ['Dress', 1],
    ['Button-Down', 0],
  ]);
});

test('a box of one pixel is kept, and one at the limit of a size is of the smaller one', async () => {
  const coco = drawnCoco();
  coco.annotations.push(annotation(20, 7, 1, [5, 5, 1, 1]), annotation(21, 7, 1, [0, 0, 32, 32]));
  const path = folder.write('coco.json', JSON.stringify(coco));
  const { boxSizes, irregularities } = await checkDataset(path, OPTIONS);
  expect(boxSizes).toEqual({ small: 3, medium: 2, large: 0 });
  expect(irregularities).toEqual([]);
});

test('every irregularity is told, also where the report shows the first ten of its kind', async () => {
  const rows = Array.from({ length: 12 }, (_, i) => `img/none/${i}.jpg 001 001 002 002\n`);
  const boxes = `16\n${LISTS['Anno/list_bbox.txt'].slice(2)}${rows.join('')}`;
  writeLists(folder, { 'Anno/list_bbox.txt': boxes });
  const told: Irregularity[] = [];
  const { irregularities } = await checkDataset(folder.path, OPTIONS, {
    onIrregularity: (found) => told.push(found),
  });
  const orphans = irregularities.find(({ code }) => code === 'ORPHAN_ROW');
  expect(orphans?.count).toBe(12);
  expect(orphans?.examples).toHaveLength(10);
  expect(told.filter(({ code }) => code === 'ORPHAN_ROW').map(({ line }) => line)).toEqual(
    rows.map((_, i) => 7 + i),
  );
});

test('a box of one pixel by its corners depends on how widths are counted', async () => {
  const boxes = LISTS['Anno/list_bbox.txt'].replace('020 030 080 290', '020 030 020 030');
  writeLists(folder, { 'Anno/list_bbox.txt': boxes });
  const exclusive = await checkDataset(folder.path, OPTIONS);
  expect(exclusive.irregularities.map(({ code }) => code)).toContain('BOX_EMPTY');
  const inclusive = await checkDataset(folder.path, { ...OPTIONS, boxConvention: 'inclusive' });
  expect(inclusive.irregularities.map(({ code }) => code)).not.toContain('BOX_EMPTY');
  expect(inclusive.boxSizes.small).toBe(1);
});

test('progress names the list that is read', async () => {
  writeLists(folder);
  const seen = new Set<string>();
  await checkDataset(folder.path, OPTIONS, { onProgress: (what) => seen.add(what) });
  // Lists of four rows are over before there is anything to tell.
  expect([...seen]).toEqual([]);
  const many = Array.from({ length: 9000 }, (_, i) => `img/many/${i}.jpg 1\n`).join('');
  writeLists(folder, { 'Anno/list_category_img.txt': `9000\nimage_name category_label\n${many}` });
  await checkDataset(folder.path, OPTIONS, { onProgress: (what) => seen.add(what) });
  expect([...seen]).toEqual(['reading Anno/list_category_img.txt']);
  expect(IMAGES).toHaveLength(4);
});
