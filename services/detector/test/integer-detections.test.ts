import { describe, expect, test } from '@jest/globals';
import { integerDetections } from '../src/detection/integer-detections.ts';

const categories = [
  { name: 'dress', type: 'full' },
  { name: 'x'.repeat(150), type: 'other' },
] as const;
const photo = { width: 100, height: 80 };
const boxOf = (...box: [number, number, number, number]) =>
  integerDetections([{ box, category: 0, score: 0.5 }], photo, categories)[0]?.box;

describe('the box of a detection', () => {
  test.each([
    ['is rounded to whole pixels', [10.4, 20.6, 50.5, 60.2], [10, 21, 51, 60]],
    ['has at least a pixel each way', [10.1, 20.1, 10.3, 20.3], [10, 20, 11, 21]],
    ['stays inside the photo', [99.8, 79.9, 100, 80], [99, 79, 100, 80]],
  ] as const)('%s', (_, box, expected) => {
    expect(boxOf(...(box as unknown as [number, number, number, number]))).toEqual(expected);
  });
});

test('a detection says its category, its type and a score of six places', () => {
  const [first, second] = integerDetections(
    [
      { box: [0, 0, 5, 5], category: 0, score: 0.12345678 },
      { box: [0, 0, 5, 5], category: 1, score: 1 },
    ],
    photo,
    categories,
  );
  expect(first).toMatchObject({ category: 'dress', categoryType: 'full', score: 0.123457 });
  // An event carries names of at most 100 characters.
  expect(second?.category).toHaveLength(100);
});
