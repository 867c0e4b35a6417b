import { describe, expect, test } from '@jest/globals';
import { encodeRgb, fitSquareRgb, padToSquare } from '../src/index.ts';
import { drawn } from './fixture.ts';

/** A tall photograph on grey: red in the top tenth (a collar), blue in the bottom tenth (a hem). */
const tall = drawn(60, 100, (_, y) => {
  if (y < 10) return [220, 20, 20];
  return y < 90 ? [128, 128, 128] : [20, 20, 220];
});
const colorAt = (data: Uint8Array, size: number, x: number, y: number) => [
  ...data.subarray((y * size + x) * 3, (y * size + x) * 3 + 3),
];

describe('fitSquareRgb', () => {
  test('keeps collar and hem of a tall garment', async () => {
    const whole = await fitSquareRgb(tall, { sizePx: 50 });
    expect(colorAt(whole.data, 50, 25, 1)).toEqual([220, 20, 20]);
    expect(colorAt(whole.data, 50, 25, 48)).toEqual([20, 20, 220]);
  });

  test('keeps proportions: a square in the photograph is a square in the tensor', async () => {
    const photo = drawn(60, 120, (x, y) =>
      Math.abs(x - 29.5) < 15 && Math.abs(y - 59.5) < 15 ? [0, 0, 0] : [255, 255, 255],
    );
    const { data } = await fitSquareRgb(photo, { sizePx: 120 });
    const isDark = (x: number, y: number) => (colorAt(data, 120, x, y)[0] ?? 255) < 128;
    const width = Array.from({ length: 120 }, (_, x) => isDark(x, 60)).filter(Boolean).length;
    const height = Array.from({ length: 120 }, (_, y) => isDark(60, y)).filter(Boolean).length;
    expect([width, height]).toEqual([30, 30]);
  });

  test('gives [size, size, 3] bytes, the same from bytes and from pixels', async () => {
    const fromPixels = await fitSquareRgb(tall, { sizePx: 64 });
    const fromBytes = await fitSquareRgb(await encodeRgb(tall), { sizePx: 64 });
    expect(fromPixels.data).toHaveLength(64 * 64 * 3);
    expect(fromBytes.data).toEqual(fromPixels.data);
  });

  test('fills the square from wide, tiny and thin pictures', async () => {
    for (const [width, height] of [
      [200, 30],
      [3, 2],
      [1, 300],
    ] as const) {
      const photo = drawn(width, height, () => [10, 200, 90]);
      const { data } = await fitSquareRgb(photo, { sizePx: 32 });
      expect(new Set(data)).toEqual(new Set([10, 200, 90]));
    }
  });
});

test('the filled strip continues the rim and grows smoother outwards', () => {
  // Rim of alternating black and white rows.
  const striped = drawn(3, 9, (_, y) => (y % 2 === 0 ? [0, 0, 0] : [255, 255, 255]));
  const { data } = padToSquare(striped, 9);
  // One px outside: the mean of three rows, two of them white. Three px outside: four of seven.
  expect(colorAt(data, 9, 2, 4)).toEqual([170, 170, 170]);
  expect(colorAt(data, 9, 0, 4)).toEqual([146, 146, 146]);
  expect(colorAt(data, 9, 4, 4)).toEqual([0, 0, 0]);
});
