import { describe, expect, test } from '@jest/globals';
import { kernelInceptionDistance, pixel8Features } from '../src/index.ts';

describe('pixel8Features', () => {
  test('means the pixels of each of 8 x 8 cells, by row, column and channel', () => {
    // 16 x 32: cells of 2 x 4 px. Value = cell index / 100 + channel, +- 0.5 in the cell's halves.
    const images = new Float32Array(2 * 16 * 32 * 3);
    for (let i = 0; i < images.length; i++) {
      const channel = i % 3;
      const x = Math.floor(i / 3) % 32;
      const y = Math.floor(i / 3 / 32) % 16;
      const n = Math.floor(i / 3 / 32 / 16);
      const cell = Math.floor(y / 2) * 8 + Math.floor(x / 4);
      images[i] = n * 10 + cell / 100 + channel + (x % 2 === 0 ? 0.5 : -0.5);
    }
    const { values, count, dimension } = pixel8Features(images, {
      count: 2,
      height: 16,
      width: 32,
    });
    expect([count, dimension, values.length]).toEqual([2, 192, 384]);
    for (let i = 0; i < values.length; i++) {
      const expected = Math.floor(i / 192) * 10 + Math.floor((i % 192) / 3) / 100 + (i % 3);
      expect(values[i]).toBeCloseTo(expected, 4);
    }
  });

  test('names sides that do not divide, and a batch that does not fit', () => {
    const shape = { count: 1, height: 12, width: 16 };
    expect(() => pixel8Features(new Float32Array(12 * 16 * 3), shape)).toThrow('12 x 16');
    expect(() => pixel8Features(new Float32Array(7), shape)).toThrow('but got 7');
  });
});

test('features of different spaces are not compared', () => {
  const one = { values: new Float32Array(6), count: 2, dimension: 3 };
  const other = { values: new Float32Array(8), count: 2, dimension: 4 };
  expect(() => kernelInceptionDistance(one, other)).toThrow('rows of 3 values but got 4');
  expect(() => kernelInceptionDistance(one, { ...one, count: 1 })).toThrow('KID');
});
