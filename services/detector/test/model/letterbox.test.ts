import { describe, expect, test } from '@jest/globals';
import { letterboxOf } from '../../src/model/letterbox.ts';
import { postprocess } from '../../src/model/postprocess.ts';

const network = { width: 192, height: 256 };

describe('a photo in the image of the network', () => {
  test.each([
    ['of its shape fills it', { width: 768, height: 1024 }, { width: 192, height: 256 }],
    ['that is broader keeps its shape', { width: 1000, height: 500 }, { width: 192, height: 96 }],
    ['that is taller keeps its shape', { width: 100, height: 1000 }, { width: 26, height: 256 }],
    ['that is smaller is enlarged', { width: 12, height: 16 }, { width: 192, height: 256 }],
    ['that is a line has one pixel', { width: 2000, height: 1 }, { width: 192, height: 1 }],
  ])('%s', (_, photo, scaled) => {
    expect(letterboxOf(photo, network).scaled).toEqual(scaled);
  });
});

describe('detections', () => {
  const photo = { width: 1000, height: 500 };
  const options = { minScore: 0.5, nmsIou: 0.5, maxDetections: 2 };
  const detect = (boxes: number[], scores: number[]) =>
    postprocess(
      { boxes: Float32Array.from(boxes), scores: Float32Array.from(scores) },
      photo,
      letterboxOf(photo, network),
      options,
    );

  test('come back in pixels of the photo, the best first', () => {
    const found = detect([0, 0, 96, 48, 96, 0, 192, 96], [0.2, 0.7, 0.1, 0.1, 0.1, 0.8]);
    expect(found.map(({ category, box }) => [category, box])).toEqual([
      [1, [500, 0, 1000, 500]],
      [0, [0, 0, 500, 250]],
    ]);
  });

  test('are cut at the edge of the photo', () => {
    expect(detect([0, 48, 96, 200], [0, 1, 0])[0]?.box).toEqual([0, 250, 500, 500]);
  });

  test('in the grey below the photo are none', () => {
    expect(detect([0, 120, 96, 200], [0, 1, 0])).toEqual([]);
  });

  test('below the least score or without extent are none', () => {
    expect(detect([0, 0, 9, 9, 5, 5, 5, 9], [0.6, 0.4, 0, 0, 1, 0])).toEqual([]);
  });

  test('of one category that overlap are one; of two they are two', () => {
    const twice = [0, 0, 96, 48, 1, 0, 96, 48];
    expect(detect(twice, [0.1, 0.9, 0, 0.2, 0.8, 0])).toHaveLength(1);
    expect(detect(twice, [0.1, 0.9, 0, 0.2, 0, 0.8])).toHaveLength(2);
  });

  test('are at most as many as asked for', () => {
    const apart = [0, 0, 20, 20, 40, 0, 60, 20, 80, 0, 100, 20];
    expect(detect(apart, [0, 0.6, 0, 0, 0.7, 0, 0, 0.8, 0]).map(({ score }) => score)).toEqual([
      expect.closeTo(0.8, 6),
      expect.closeTo(0.7, 6),
    ]);
  });
});
