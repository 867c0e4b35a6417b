import { expect, test } from '@jest/globals';
import { evaluationWarnings } from '../src/index.ts';

const box = [0, 0, 10, 10] as const;
const truth = { id: 1, image_id: 1, category_id: 7, bbox: box, area: 100, iscrowd: 0 as const };
const dataset = {
  images: [{ id: 1 }],
  categories: [{ id: 7, name: 'dress' }],
  annotations: [truth],
};
const found = { image_id: 1, category_id: 7, bbox: box, score: 1 };

test('what is sound needs no warning', () => {
  expect(evaluationWarnings(dataset, [found])).toEqual([]);
});

test('an annotation with id 0 is told of, as pycocotools never counts it as found', () => {
  const annotations = [{ ...truth, id: 0 }];
  expect(evaluationWarnings({ ...dataset, annotations }, [found])).toEqual([
    expect.stringContaining('id 0 counts as never found'),
  ]);
});

test('detections of unlisted categories are counted, and the first of these named', () => {
  const stray = [9, 3, 9, 4, 5, 6, 8].map((category_id) => ({ ...found, category_id }));
  expect(evaluationWarnings(dataset, [found, ...stray])).toEqual([
    expect.stringMatching(/^7 of 8 detections .* \(3, 4, 5, 6, 8, \.\.\.\)/),
  ]);
});
