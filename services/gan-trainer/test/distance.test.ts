import { describe, expect, test } from '@jest/globals';
import { distanceBetween, featuresOf, featuresOfSet, nearestGarments } from '../src/distance.ts';
import { IMAGE_VALUES, imagesAsFloats } from '../src/training/batches.ts';

/** Images of one gray each. */
function grays(...bytes: number[]) {
  const data = new Uint8Array(bytes.length * IMAGE_VALUES);
  for (const [index, byte] of bytes.entries()) {
    data.fill(byte, index * IMAGE_VALUES, (index + 1) * IMAGE_VALUES);
  }
  return { count: bytes.length, data };
}

describe('features', () => {
  test('of a large set, taken in parts, are those of each image by itself', () => {
    const bytes = Array.from({ length: 300 }, (_, index) => index % 256);
    const features = featuresOfSet(grays(...bytes), [299, 0, 255, 256]);
    expect(features.count).toBe(4);
    for (const [row, byte] of [43, 0, 255, 0].entries()) {
      expect(features.values[row * features.dimension]).toBeCloseTo(byte / 127.5 - 1, 5);
    }
    const every = featuresOfSet(
      grays(...bytes),
      bytes.map((_, index) => index),
    );
    expect(every.values[299 * every.dimension]).toBeCloseTo(43 / 127.5 - 1, 5);
  });
});

test('the distance of a set to another of the same kind is far below that to another kind', () => {
  const dark = featuresOf(imagesAsFloats(grays(10, 20, 30, 40), [0, 1, 2, 3]));
  const alike = featuresOf(imagesAsFloats(grays(12, 22, 28, 38), [0, 1, 2, 3]));
  const bright = featuresOf(imagesAsFloats(grays(210, 220, 230, 240), [0, 1, 2, 3]));
  expect(Math.abs(distanceBetween(dark, alike))).toBeLessThan(distanceBetween(dark, bright) / 10);
});

describe('the nearest garments of an image', () => {
  const garmentIds = ['black', 'gray', 'light', 'darker', 'grayer'];
  const features = featuresOfSet(grays(0, 100, 200, 110, 101), [0, 1, 2, 3, 4]);
  const image = imagesAsFloats(grays(102), [0]);
  const nearest = (count: number) => nearestGarments(image, { features, garmentIds }, count)[0];

  test('come nearest first, with Euclidean distances', () => {
    const found = nearest(3);
    expect(found?.map(({ garmentId }) => garmentId)).toEqual(['grayer', 'gray', 'darker']);
    // 192 equal differences of one byte step.
    expect(found?.[0]?.distance).toBeCloseTo(Math.sqrt(192) / 127.5, 5);
  });

  test('are all there are where more are asked for', () => {
    expect(nearest(9)).toHaveLength(5);
  });
});
