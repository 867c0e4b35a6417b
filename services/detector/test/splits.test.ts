import { describe, expect, test } from '@jest/globals';
import type { AnnotatedImage } from '../src/training/annotated-images.ts';
import { splitImages } from '../src/training/splits.ts';

function images(...splits: AnnotatedImage['split'][]): AnnotatedImage[] {
  return splits.map((split, i) => ({
    ...{ id: i + 1, fileName: `${i}.jpg`, width: 10, height: 10, split },
    ...{ objectKey: `${i}`, annotations: [] },
  }));
}
const ids = (list: readonly AnnotatedImage[] | undefined) => list?.map(({ id }) => id);

describe('what is measured on', () => {
  test('is the split test where there is one', () => {
    const { train, evaluation } = splitImages(images('train', 'val', 'test', 'train'));
    expect([ids(train), evaluation?.name, ids(evaluation?.images)]).toEqual([[1, 4], 'test', [3]]);
  });

  test('is else the split val', () => {
    const { evaluation } = splitImages(images('train', 'val', null));
    expect([evaluation?.name, ids(evaluation?.images)]).toEqual(['val', [2]]);
  });

  test('is nothing where all are for training', () => {
    expect(splitImages(images('train', 'train')).evaluation).toBeNull();
  });

  test('is every tenth of a dataset without splits, which is not trained on', () => {
    const { train, evaluation } = splitImages(images(...new Array(25).fill(null)));
    expect([evaluation?.name, ids(evaluation?.images)]).toEqual(['held-out', [10, 20]]);
    expect(train).toHaveLength(23);
  });

  test('is nothing of a handful of images without splits', () => {
    const { train, evaluation } = splitImages(images(null, null));
    expect([train.length, evaluation]).toEqual([2, null]);
  });
});
