import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestFolder, type TestFolder } from '../drawn-deepfashion.ts';
import { readAll } from '../reading.ts';
import { annotation, drawnCoco, readCoco, withFirst } from './drawn-coco.ts';

let folder: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
});
afterEach(() => folder.remove());

describe('categories', () => {
  test('are one where people take their names for one', async () => {
    const other = drawnCoco();
    other.categories[0] = { id: 1, name: 'DRESS ', supercategory: 'full' };
    folder.write('annotations/instances_train.json', JSON.stringify(drawnCoco()));
    folder.write('annotations/instances_val.json', JSON.stringify(other));
    const { source, irregularities } = await readAll(folder.path);
    expect(source.categories.map(({ name }) => name)).toEqual(['dress', 'handbag']);
    expect(irregularities).toMatchObject([
      { code: 'NAME_CASE', file: 'annotations/instances_val.json' },
    ]);
  });

  test('that are only the group of others are left out, and told', async () => {
    const coco = drawnCoco();
    const [dress, bag] = coco.categories.map((row) => ({ ...row, supercategory: 'clothes-abcd' }));
    const group = { id: 0, name: 'clothes-abcd', supercategory: 'none' };
    const used = await readCoco(folder, {
      ...coco,
      categories: [{ ...group, supercategory: 'clothes-abcd' }, dress, bag],
    });
    expect(used.source.categories.map(({ id, name }) => [id, name])).toEqual([
      [1, 'dress'],
      [2, 'handbag'],
    ]);
    expect(used.irregularities.map(({ code }) => code).sort()).toEqual([
      'GROUP_CATEGORY',
      'ID_NOT_POSITIVE',
    ]);
    // A category may be called as its own group is, and one that is annotated stays.
    const person = { id: 1, name: 'person', supercategory: 'person' };
    const annotations = [annotation(1, 7, 0, [1, 1, 9, 9])];
    const kept = await readCoco(folder, { ...coco, annotations, categories: [group, bag, person] });
    expect(kept.source.categories.map(({ name }) => name).sort()).toEqual([
      'clothes-abcd',
      'handbag',
      'person',
    ]);
  });

  test('have the types of Fashionpedia, and attributes from 0', async () => {
    const coco = withFirst({ attribute_ids: [0, 115] });
    const names = [
      ['shirt, blouse', 'upperbody'],
      ['pants', 'lowerbody'],
      ['cape', 'wholebody'],
      ['glasses', 'head'],
    ];
    const { source, images, found } = await readCoco(folder, {
      ...coco,
      categories: names.map(([name, supercategory], i) => ({ id: i + 1, name, supercategory })),
      attributes: [
        { id: 0, name: 'classic (t-shirt)', supercategory: 'nickname' },
        { id: 115, name: 'symmetrical', supercategory: 'silhouette' },
      ],
    });
    expect(found).toEqual([]);
    expect(source.categories.map(({ type }) => type)).toEqual(['upper', 'lower', 'full', 'other']);
    expect(images[1]?.annotations[0]?.attribute_ids).toEqual([0, 115]);
  });
});
