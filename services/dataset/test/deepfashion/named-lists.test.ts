import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  createTestFolder,
  IMAGES,
  LISTS,
  type TestFolder,
  writeLists,
} from '../drawn-deepfashion.ts';
import { NO_IMAGES, readAll, readWith } from '../reading.ts';

const [A, , C] = IMAGES;
let folder: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
});
afterEach(() => folder.remove());

describe('a DeepFashion folder', () => {
  test('becomes images with one box each, categories with their types, and splits', async () => {
    writeLists(folder);
    const { source, images, found } = await readAll(folder.path);
    expect(found).toEqual([NO_IMAGES]);
    expect(source.counts).toEqual({
      images: 4,
      annotations: 4,
      splits: { train: 2, val: 1, test: 1, none: 0 },
    });
    expect(source.categories).toEqual([
      { id: 1, name: 'Blouse', type: 'upper' },
      { id: 2, name: 'Skirt', type: 'lower' },
      { id: 3, name: 'Dress', type: 'full' },
      { id: 5, name: 'Button-Down', type: 'upper' },
    ]);
    expect(images[0]).toMatchObject({ file_name: A, width: 300, height: 300, split: 'train' });
    // 072 079 232 273, of which 072 is no octal number.
    expect(images[0]?.annotations[0]).toMatchObject({
      category_id: 1,
      bbox: [72, 79, 160, 194],
      area: 160 * 194,
      iscrowd: 0,
    });
  });

  test('records the other convention of widths, and cuts at the last pixel then', async () => {
    writeLists(folder);
    const { source, images } = await readAll(folder.path, { boxConvention: 'inclusive' });
    expect(source.boxConvention).toBe('inclusive');
    expect(images[0]?.annotations[0]?.bbox).toEqual([72, 79, 161, 195]);
    // 000 000 200 300 in 200 x 300: the last pixel is 199, 299.
    expect(images[2]?.annotations[0]?.bbox).toEqual([0, 0, 200, 300]);
  });

  test('has attributes whose names hold spaces, each positive or unknown one by its id', async () => {
    writeLists(folder);
    const { source, images } = await readAll(folder.path);
    expect(source.attributes).toEqual([
      { id: 1, name: 'a-line', type: 'shape' },
      { id: 2, name: 'abstract print', type: 'texture' },
      { id: 3, name: 'button front v-neck', type: 'part' },
    ]);
    const sets = images.map(({ annotations: [annotation] }) => [
      annotation?.attribute_ids,
      annotation?.attribute_unknown_ids,
    ]);
    expect(sets).toEqual([
      [[2], [3]],
      [[], undefined],
      [[1, 2], undefined],
      [[3], undefined],
    ]);
  });

  test('has landmarks as COCO keypoints, in one order for all types', async () => {
    writeLists(folder);
    const { images } = await readAll(folder.path);
    const [upper, half, lower] = images.map(({ annotations: [annotation] }) => annotation);
    expect(upper?.keypoints).toEqual(
      [
        [146, 102, 2],
        [173, 95, 2],
        [94, 242, 2],
        [205, 255, 2],
        [0, 0, 0],
        [0, 0, 0],
      ]
        .concat([
          [136, 229, 2],
          [177, 232, 2],
        ])
        .flat(),
    );
    // 1 is hidden, 2 outside the picture.
    expect(half?.keypoints?.slice(3, 9)).toEqual([73, 95, 1, 0, 0, 0]);
    expect(half?.num_keypoints).toBe(5);
    expect(lower?.keypoints?.slice(0, 12)).toEqual(Array(12).fill(0));
    expect(lower?.keypoints?.slice(12, 15)).toEqual([20, 10, 2]);
  });

  test('may have the variation type that the documentation has and most copies lack', async () => {
    const { images, found } = await readWith(
      folder,
      'Anno/list_landmarks.txt',
      `${C}      2  0`,
      `${C}      2  1  0`,
    );
    expect(found).toEqual([]);
    expect(images[2]?.annotations[0]?.num_keypoints).toBe(4);
  });

  test('is read in any order of its rows', async () => {
    const reversed = Object.fromEntries(
      Object.entries(LISTS)
        .filter(([name]) => /bbox|partition|landmarks|attr_img|size/.test(name))
        .map(([name, text]) => {
          const [count, columns, ...rows] = text.trimEnd().split('\n');
          return [name, [count, columns, ...rows.reverse(), ''].join('\n')];
        }),
    );
    writeLists(folder);
    const straight = await readAll(folder.path);
    writeLists(folder, reversed);
    expect(await readAll(folder.path)).toEqual(straight);
  });

  test('is found whatever the capitals of its folders and files', async () => {
    writeLists(folder, Object.fromEntries(Object.keys(LISTS).map((name) => [name, null])));
    for (const [name, text] of Object.entries(LISTS)) folder.write(name.toUpperCase(), text);
    expect((await readAll(folder.path)).images).toHaveLength(4);
  });
});
