import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  createTestFolder,
  IMAGES,
  LISTS,
  type TestFolder,
  writeLists,
} from '../drawn-deepfashion.ts';
import { readAll } from '../reading.ts';

const [A, B, C, D] = IMAGES;
let folder: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
});
afterEach(() => folder.remove());

/** The lists of the relabelled annotations: a file per split and kind, whose rows belong together by their place. */
const FINE = {
  'Anno_fine/list_category_cloth.txt': LISTS['Anno/list_category_cloth.txt'],
  'Anno_fine/list_attr_cloth.txt': LISTS['Anno/list_attr_cloth.txt'],
  'Anno_fine/list_image_size.txt': LISTS['Anno/list_image_size.txt'],
  'Anno_fine/train.txt': `${A}\n${C}\n${D}\n`,
  'Anno_fine/train_cate.txt': '1\n2\n3\n',
  'Anno_fine/train_bbox.txt': '72 79 232 273 \n0 0 200 300 \n20 30 80 290 \n',
  'Anno_fine/train_attr.txt': '0 1 0 \n1 1 0 \n0 0 1 \n',
  'Anno_fine/train_landmarks.txt': `146 102 173 95 94 242 205 255 136 229 177 232 0 0 0 0 
20 10 180 10 30 290 170 290 0 0 0 0 0 0 0 0 
30 40 70 40 22 100 78 100 30 150 70 150 0 0 75 280 
`,
  'Anno_fine/val.txt': `${B}\n`,
  'Anno_fine/val_cate.txt': '1\n',
  'Anno_fine/val_bbox.txt': '10 8 100 209\n',
} as const;

function write(changes: Readonly<Record<string, string>> = {}): void {
  for (const [name, text] of Object.entries({ ...FINE, ...changes })) folder.write(name, text);
}

describe('lists of each split', () => {
  test('become the same images as lists with names', async () => {
    write();
    const { images, source } = await readAll(folder.path);
    expect(source.counts.splits).toEqual({ train: 3, val: 1, test: 0, none: 0 });
    expect(images.map(({ file_name }) => file_name)).toEqual([A, C, D, B]);
    expect(images.map(({ annotations }) => annotations[0]?.bbox)).toEqual([
      [72, 79, 160, 194],
      [0, 0, 200, 300],
      [20, 30, 60, 260],
      [10, 8, 90, 201],
    ]);
  });

  test('have 0 for a negative attribute, not for an unknown one', async () => {
    write();
    const { images } = await readAll(folder.path);
    expect(images[0]?.annotations[0]).toMatchObject({ attribute_ids: [2] });
    expect(images[0]?.annotations[0]).not.toHaveProperty('attribute_unknown_ids');
  });

  test('have landmarks without visibility, padded with zeros', async () => {
    write();
    const { images } = await readAll(folder.path);
    expect(images.map(({ annotations }) => annotations[0]?.num_keypoints)).toEqual([6, 4, 7, 0]);
    expect(images[0]?.annotations[0]?.keypoints?.slice(18, 24)).toEqual([136, 229, 2, 177, 232, 2]);
  });

  test('with an empty row keep the others at their places', async () => {
    write({ 'Anno_fine/train_bbox.txt': '72 79 232 273\n\n20 30 80 290\n' });
    const { images, found } = await readAll(folder.path);
    expect(found).toContain('EMPTY_ROW Anno_fine/train_bbox.txt:2');
    expect(images.map(({ file_name }) => file_name)).toEqual([A, D, B]);
    expect(images[1]?.annotations[0]?.bbox).toEqual([20, 30, 60, 260]);
  });

  test('with a row too few or too many are told', async () => {
    write({
      'Anno_fine/train_cate.txt': '1\n2\n',
      'Anno_fine/val_bbox.txt': '10 8 100 209\n1 2 3 4\n',
    });
    const { images, found } = await readAll(folder.path);
    expect(found).toEqual(
      expect.arrayContaining([
        'ROW_COUNT Anno_fine/train_cate.txt:null',
        'ORPHAN_ROW Anno_fine/val_bbox.txt:2',
      ]),
    );
    expect(images).toHaveLength(3);
  });

  test('are read on demand where the original lists are there too', async () => {
    write();
    writeLists(folder);
    expect((await readAll(folder.path)).source.counts.splits.test).toBe(1);
    expect((await readAll(folder.path, { annotationSet: 'fine' })).source.counts.splits.test).toBe(
      0,
    );
  });
});
