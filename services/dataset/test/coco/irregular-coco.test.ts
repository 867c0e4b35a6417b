import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestFolder, type TestFolder } from '../drawn-deepfashion.ts';
import { readAll } from '../reading.ts';
import { annotation, drawnCoco, readCoco } from './drawn-coco.ts';

let folder: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
});
afterEach(() => folder.remove());

describe('what is irregular in a COCO file is told', () => {
  test.each<[string, (coco: ReturnType<typeof drawnCoco>) => unknown, string[], number]>([
    [
      'an unknown image',
      (coco) => Object.assign(coco.annotations[0] ?? {}, { image_id: 99 }),
      ['UNKNOWN_IMAGE'],
      2,
    ],
    [
      'an unknown category',
      (coco) => Object.assign(coco.annotations[0] ?? {}, { category_id: 99 }),
      ['UNKNOWN_CATEGORY'],
      2,
    ],
    [
      'a missing box',
      (coco) =>
        Object.assign(coco.annotations[0] ?? {}, { bbox: undefined, segmentation: undefined }),
      ['NO_BOX'],
      2,
    ],
    [
      'a box of words',
      (coco) => Object.assign(coco.annotations[0] ?? {}, { bbox: ['1', '2', '3', '4'] }),
      ['BOX_FROM_SEGMENTATION'],
      3,
    ],
    [
      'a box without height',
      (coco) => Object.assign(coco.annotations[0] ?? {}, { bbox: [1, 1, 5, 0] }),
      ['BOX_EMPTY'],
      2,
    ],
    [
      'a box out of its image',
      (coco) => Object.assign(coco.annotations[0] ?? {}, { bbox: [90, 70, 30, 30] }),
      ['BOX_OUTSIDE'],
      3,
    ],
    [
      'a box beside its image',
      (coco) => Object.assign(coco.annotations[0] ?? {}, { bbox: [100, 70, 30, 30] }),
      ['BOX_EMPTY'],
      2,
    ],
    [
      'a missing area',
      (coco) => Object.assign(coco.annotations[0] ?? {}, { area: undefined }),
      ['AREA_INVALID'],
      3,
    ],
    [
      'an area of 0',
      (coco) => Object.assign(coco.annotations[0] ?? {}, { area: 0 }),
      ['AREA_INVALID'],
      3,
    ],
    [
      'a missing iscrowd',
      (coco) => Object.assign(coco.annotations[0] ?? {}, { iscrowd: undefined }),
      ['CROWD_INVALID'],
      3,
    ],
    [
      'an empty segmentation',
      (coco) => Object.assign(coco.annotations[0] ?? {}, { segmentation: [] }),
      ['SEGMENTATION_INVALID'],
      3,
    ],
    [
      'a polygon of 2 points',
      (coco) => Object.assign(coco.annotations[0] ?? {}, { segmentation: [[1, 1, 2, 2]] }),
      ['SEGMENTATION_INVALID'],
      3,
    ],
    [
      'an annotation id of 0',
      (coco) => Object.assign(coco.annotations[0] ?? {}, { id: 0 }),
      ['ID_NOT_POSITIVE'],
      3,
    ],
    [
      'an annotation id twice',
      (coco) => Object.assign(coco.annotations[1] ?? {}, { id: 11 }),
      ['DUPLICATE_ID'],
      3,
    ],
    [
      'an image id twice',
      (coco) => Object.assign(coco.images[1] ?? {}, { id: 7 }),
      ['DUPLICATE_ID', 'UNKNOWN_IMAGE'],
      2,
    ],
    [
      'an image id that is a word',
      (coco) => Object.assign(coco.images[1] ?? {}, { id: 'x' }),
      ['ID_NOT_POSITIVE', 'UNKNOWN_IMAGE'],
      2,
    ],
    [
      'a file name twice',
      (coco) => Object.assign(coco.images[1] ?? {}, { file_name: 'a.jpg' }),
      ['DUPLICATE_NAME'],
      3,
    ],
    [
      'a missing file name',
      (coco) => Object.assign(coco.images[1] ?? {}, { file_name: undefined }),
      ['FIELD_MISSING', 'UNKNOWN_IMAGE'],
      2,
    ],
    [
      'a file name that leads out',
      (coco) => Object.assign(coco.images[1] ?? {}, { file_name: '../../b.jpg' }),
      ['PATH_CUT'],
      3,
    ],
    [
      'a file name that leads out and to nothing',
      (coco) => Object.assign(coco.images[1] ?? {}, { file_name: '../..' }),
      ['INVALID_NAME', 'UNKNOWN_IMAGE'],
      2,
    ],
    [
      'a missing size',
      (coco) => Object.assign(coco.images[1] ?? {}, { width: undefined, height: undefined }),
      ['SIZE_UNKNOWN'],
      2,
    ],
    [
      'a category id of 0',
      (coco) => Object.assign(coco.categories[1] ?? {}, { id: 0 }),
      ['ID_NOT_POSITIVE', 'UNKNOWN_CATEGORY'],
      2,
    ],
    [
      'two categories of one name',
      (coco) => Object.assign(coco.categories[1] ?? {}, { name: 'dress' }),
      ['DUPLICATE_CATEGORY'],
      3,
    ],
    [
      'keypoints that nobody named',
      (coco) => Object.assign(coco.annotations[0] ?? {}, { keypoints: [1, 2, 2] }),
      ['KEYPOINTS_INVALID'],
      3,
    ],
    [
      'no categories',
      (coco) => Object.assign(coco, { categories: undefined }),
      ['LIST_MISSING', ...Array(3).fill('UNKNOWN_CATEGORY')],
      0,
    ],
    [
      'images that are no list',
      (coco) => Object.assign(coco, { images: {} }),
      ['LIST_MISSING', 'LIST_MISSING', ...Array(3).fill('UNKNOWN_IMAGE')],
      0,
    ],
  ])('%s', async (_, change, codes, kept) => {
    const coco = drawnCoco();
    change(coco);
    const { irregularities, source } = await readCoco(folder, coco);
    expect(irregularities.map(({ code }) => code).sort()).toEqual([...codes].sort());
    expect(source.counts.annotations).toBe(kept);
  });

  test('with its line and its place in the list', async () => {
    const coco = drawnCoco();
    coco.annotations.push({ ...annotation(12, 7, 1, [1, 1, 2, 2]), image_id: 'nobody' });
    const { irregularities } = await readAll(
      folder.write(
        'coco.json',
        `${JSON.stringify(coco).replace('"annotations":[', '"annotations":[\n\n')}`,
      ),
    );
    expect(irregularities).toMatchObject([
      { file: 'coco.json', line: 3, detail: 'annotations[3] image_id is "nobody".' },
    ]);
  });

  test('a list that occurs twice', async () => {
    const text = JSON.stringify(drawnCoco()).replace('{', '{"annotations":[],');
    const { irregularities } = await readAll(folder.write('coco.json', text));
    expect(irregularities.map(({ code }) => code)).toEqual(['REPEATED_KEY']);
  });
});
