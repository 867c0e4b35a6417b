import { describe, expect, test } from '@jest/globals';
import { hexOf, lookOf } from '../src/garment-look.ts';

/** A garment of one colour in the middle of a white picture. */
function picture(garment: readonly [number, number, number]) {
  const [width, height] = [60, 80];
  const data = new Uint8Array(width * height * 3).fill(255);
  for (let y = 15; y < 65; y++)
    for (let x = 15; x < 45; x++) data.set(garment, (y * width + x) * 3);
  return { width, height, data };
}

describe('the look of a garment', () => {
  test('is the garment’s colour, not that of its background', () => {
    const { palette, dominantColor } = lookOf(picture([200, 30, 40]));
    expect(palette[0]?.share).toBeGreaterThan(0.9);
    expect(dominantColor).toBe('#c81e28');
    expect(palette.map(hexOf)[0]).toBe('#c81e28');
  });

  test('has shares that sum to 1, the largest first', () => {
    const { palette } = lookOf(picture([20, 120, 60]));
    const shares = palette.map(({ share }) => share);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(shares).toEqual(shares.toSorted((a, b) => b - a));
  });

  test('has a blurred preview of four by three terms, also where there is hardly a pixel', () => {
    // BlurHash: 1 + 1 + 4 characters and 2 for each of the 11 further terms; L is 3 + 2 * 9 in base 83.
    expect(lookOf(picture([200, 30, 40])).blurhash).toMatch(/^L.{27}$/);
    const speck = { width: 3, height: 2, data: new Uint8Array(18).fill(90) };
    expect(lookOf(speck).blurhash).toMatch(/^L.{27}$/);
  });

  test('is the same for the same pixels', () => {
    expect(lookOf(picture([90, 90, 200]))).toEqual(lookOf(picture([90, 90, 200])));
  });
});
