import { existsSync, readFileSync } from 'node:fs';
import { assetPath } from '@deepstyle/platform';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { splitOfName } from '../../src/coco/coco-files.ts';
import { createTestFolder, type TestFolder } from '../drawn-deepfashion.ts';
import { readAll } from '../reading.ts';
import { drawnCoco, readCoco } from './drawn-coco.ts';

let folder: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
});
afterEach(() => folder.remove());

describe('a COCO file', () => {
  test('keeps its ids, and orders images and annotations by them', async () => {
    const { images, source, found } = await readCoco(folder, drawnCoco());
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
    const straight = await readCoco(folder, { info, images, annotations, categories });
    const turned = await readCoco(folder, {
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
    const { images, source, found } = await readCoco(folder, { ...coco, attributes });
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
    const { images } = await readCoco(folder, { ...drawnCoco(), annotations: [] });
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
