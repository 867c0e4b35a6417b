import { existsSync, readFileSync } from 'node:fs';
import { assetPath } from '@deepstyle/platform';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { splitOfName } from '../../src/coco/coco-files.ts';
import { createTestFolder, type TestFolder } from '../drawn-deepfashion.ts';
import { readAll } from '../reading.ts';
import { annotation, type CocoJson, drawnCoco } from './drawn-coco.ts';

let folder: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
});
afterEach(() => folder.remove());

async function readJson(coco: CocoJson, name = 'coco.json') {
  return readAll(folder.write(name, JSON.stringify(coco, null, 1)));
}

describe('a COCO file', () => {
  test('keeps its ids, and orders images and annotations by them', async () => {
    const { images, source, found } = await readJson(drawnCoco());
    expect(found).toEqual([]);
    expect(images.map(({ id, annotations }) => [id, annotations.map((each) => each.id)])).toEqual([
      [3, [8]],
      [7, [5, 11]],
    ]);
    expect(source.categories).toEqual([
      { id: 1, name: 'dress', type: 'full' },
      { id: 2, name: 'handbag', type: 'other' },
    ]);
  });

  test('is the same whatever the order of its lists and rows', async () => {
    const { info, images, annotations, categories } = drawnCoco();
    const straight = await readJson({ info, images, annotations, categories });
    const turned = await readJson({
      annotations: [...annotations].reverse(),
      categories,
      images: [...images].reverse(),
    });
    expect(turned.images).toEqual(straight.images);
  });

  test('keeps polygons, run lengths, crowds, keypoints and attributes', async () => {
    const coco = drawnCoco();
    const polygon = [[10, 10, 40, 10, 25, 50]];
    const runs = { size: [80, 100], counts: 'PYh1' };
    Object.assign(coco.annotations[0] ?? {}, { segmentation: polygon, area: 600 });
    Object.assign(coco.annotations[1] ?? {}, { segmentation: runs, iscrowd: 1 });
    Object.assign(coco.annotations[2] ?? {}, { keypoints: [1, 2, 2, 0, 0, 0], attribute_ids: [4] });
    Object.assign(coco.categories[0] ?? {}, { keypoints: ['left', 'right'] });
    const attributes = [{ id: 4, name: 'long', supercategory: 'shape' }];
    const { images, source, found } = await readJson({ ...coco, attributes });
    expect(found).toEqual([]);
    expect(images[1]?.annotations).toMatchObject([
      { id: 5, segmentation: runs, iscrowd: 1 },
      { id: 11, segmentation: polygon, area: 600 },
    ]);
    expect(images[0]?.annotations[0]).toMatchObject({
      keypoints: [1, 2, 2, 0, 0, 0],
      num_keypoints: 1,
      attribute_ids: [4],
    });
    expect(source).toMatchObject({ keypoints: ['left', 'right'], attributes: [{ id: 4 }] });
  });

  test('keeps images without annotations: they show what is no garment', async () => {
    const { images } = await readJson({ ...drawnCoco(), annotations: [] });
    expect(images).toHaveLength(2);
  });

  test.each([
    ['no JSON', '{"images": [', 'JSON_SYNTAX'],
    ['a list of results', '[]', 'JSON_SYNTAX'],
    ['empty', '', 'JSON_SYNTAX'],
  ])('that is %s is refused', async (_, text, reason) => {
    await expect(readAll(folder.write('coco.json', text))).rejects.toMatchObject({ reason });
  });

  const SHARED = assetPath('../shared/data/coco-fixture/instances_val2014_100.json');
  (existsSync(SHARED) ? test : test.skip)('of photographs is read without a loss', async () => {
    const { source, images, found } = await readAll(SHARED);
    const coco = JSON.parse(readFileSync(SHARED, 'utf8'));
    expect(found).toEqual([]);
    expect(source.counts).toMatchObject({ images: 100, annotations: 839 });
    const boxes = new Map(
      images.flatMap(({ annotations }) => annotations.map((each) => [each.id, each] as const)),
    );
    for (const { id, bbox, area, iscrowd, segmentation } of coco.annotations) {
      expect(boxes.get(id)).toMatchObject({ bbox, area, iscrowd, segmentation });
    }
  });
});

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
    const { irregularities, source } = await readJson(coco);
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

describe('a folder of COCO files', () => {
  test('is one dataset, split by the names of the files, with ids of its own where they collide', async () => {
    const other = drawnCoco();
    for (const image of other.images) image.file_name = `val/${image.file_name}`;
    // The same categories, numbered otherwise.
    other.categories.reverse();
    for (const [i, category] of other.categories.entries()) category.id = i + 1;
    for (const each of other.annotations) each.category_id = 3 - (each.category_id as number);
    folder.write('annotations/instances_train2017.json', JSON.stringify(drawnCoco()));
    folder.write('annotations/instances_val2017.json', JSON.stringify(other));
    const { source, images, found } = await readAll(folder.path);
    expect(found).toEqual([]);
    expect(source.counts).toEqual({
      images: 4,
      annotations: 6,
      splits: { train: 2, val: 2, test: 0, none: 0 },
    });
    expect(source.categories.map(({ name }) => name)).toEqual(['dress', 'handbag']);
    const categoriesOf = (name: string) =>
      images
        .find(({ file_name }) => file_name === name)
        ?.annotations.map(({ category_id, bbox }) => [category_id, bbox[0]])
        .sort();
    expect(categoriesOf('val/a.jpg')).toEqual(categoriesOf('a.jpg'));
  });

  test.each([
    ['instances_train2017.json', 'train'],
    ['Validation.json', 'val'],
    ['val.json', 'val'],
    ['my_test_set.json', 'test'],
    ['trainers.json', null],
    ['annotations.json', null],
  ])('%s is of the split %s', (name, split) => {
    expect(splitOfName(name)).toBe(split);
  });
});
