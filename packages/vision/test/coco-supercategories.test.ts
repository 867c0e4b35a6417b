import { expect, test } from '@jest/globals';
import { bySupercategory, evaluateCocoBoxes, readCoco } from '../src/index.ts';

const image = { id: 1, width: 64, height: 64, file_name: 'a.jpg' };
const truth = (id: number, category_id: number) => ({
  id,
  image_id: 1,
  category_id,
  bbox: [id * 10, 0, 9, 9] as const,
  area: 81,
  iscrowd: 0 as const,
});
const dataset = {
  images: [image],
  categories: [
    { id: 4, name: 'skirt', supercategory: 'lower' },
    { id: 6, name: 'dress', supercategory: 'full' },
    { id: 9, name: 'shorts', supercategory: 'lower' },
  ],
  annotations: [truth(1, 4), truth(2, 6), truth(3, 9)],
};

test('a skirt taken for shorts is wrong by category and right by supercategory', () => {
  const found = [9, 6, 4, 77].map((category_id, i) => ({
    ...{ image_id: 1, category_id, score: 0.9 - i * 0.1 },
    bbox: truth(i + 1, 0).bbox,
  }));
  expect(evaluateCocoBoxes(dataset, found).metrics.ap50).toBeCloseTo(1 / 3, 12);
  const types = bySupercategory(dataset, found);
  if (types === undefined) throw new Error('every category has a supercategory');
  const { metrics, categories } = evaluateCocoBoxes(types.dataset, types.detections);
  expect(metrics.ap50).toBeCloseTo(1, 12);
  expect(categories.map(({ name, truths }) => [name, truths])).toEqual([
    ['full', 1],
    ['lower', 2],
  ]);
});

test('without a supercategory for each category there is nothing to tell apart by', () => {
  const partly = { ...dataset, categories: [...dataset.categories, { id: 10, name: 'hat' }] };
  expect(bySupercategory(partly, [])).toBeUndefined();
  const json = JSON.stringify(dataset).replaceAll('"lower"', 'null');
  expect(bySupercategory(readCoco(JSON.parse(json)), [])).toBeUndefined();
});
