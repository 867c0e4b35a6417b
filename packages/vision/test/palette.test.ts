import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { foregroundOf } from '../src/background.ts';
import {
  createRandom,
  dominantColor,
  encodeRgb,
  oklabDistance,
  oklabOfHex,
  oklabOfRgb,
  paletteOf,
  paletteOfPhoto,
} from '../src/index.ts';
import { drawn } from './fixture.ts';

type Rgb = readonly [number, number, number];

const RED: Rgb = [200, 29, 37];
const NAVY: Rgb = [31, 45, 85];
const FLOOR: Rgb = [200, 190, 170];

/** A garment of a color in the middle of a floor, 80 x 100, taking 3/8 of the picture. */
function photo(garment: (x: number, y: number) => Rgb, floor: (x: number, y: number) => Rgb) {
  return drawn(80, 100, (x, y) =>
    x >= 20 && x < 60 && y >= 12 && y < 87 ? garment(x, y) : floor(x, y),
  );
}

/** Noise of +-`size` levels. */
function noisy(color: Rgb, size: number, seed = 1): () => Rgb {
  const random = createRandom(seed);
  return () => color.map((v) => Math.round(v + (random() - 0.5) * 2 * size)) as unknown as Rgb;
}

describe('foregroundOf', () => {
  test('removes a noisy floor under uneven light, and nothing of the garment', () => {
    const floor = (x: number): Rgb => FLOOR.map((v) => Math.round(v - x * 0.4)) as unknown as Rgb;
    const { method, weights, backgroundShare } = foregroundOf(photo(noisy(RED, 12), floor));
    expect(method).toBe('flood');
    expect(backgroundShare).toBeCloseTo(1 - 3 / 8, 2);
    expect([weights[0], weights[50 * 80 + 40]]).toEqual([0, 1]);
  });

  test('a garment that leaves the picture at top and bottom stays', () => {
    const image = drawn(80, 100, (x) => (x >= 25 && x < 55 ? RED : FLOOR));
    const { method, backgroundShare } = foregroundOf(image);
    expect(method).toBe('flood');
    expect(backgroundShare).toBeCloseTo(50 / 80, 2);
  });

  test('a hole in the garment that shows the floor is not reached by the flood', () => {
    const hole = (x: number, y: number) => (Math.hypot(x - 40, y - 30) < 5 ? FLOOR : RED);
    const { weights } = foregroundOf(photo(hole, () => FLOOR));
    expect(weights[30 * 80 + 40]).toBe(1);
  });

  test('admits that it cannot tell a garment of the floor’s own color', () => {
    const { method, backgroundShare, weights } = foregroundOf(
      photo(noisy(FLOOR, 3), noisy(FLOOR, 3, 2)),
    );
    expect({ method, backgroundShare }).toEqual({ method: 'center', backgroundShare: 0 });
    expect(weights[50 * 80 + 40]).toBeGreaterThan(weights[0] ?? 1);
  });

  test('a picture that is all pattern keeps all of it', () => {
    const random = createRandom(3);
    const image = drawn(60, 60, () => [random() * 255, random() * 255, random() * 255]);
    expect(foregroundOf(image).method).toBe('center');
  });
});

describe('paletteOf', () => {
  test('finds the garment’s colors and shares, not those of the floor', () => {
    // Three rows of red, one of navy.
    const striped = (_: number, y: number) => (y % 4 === 3 ? NAVY : RED);
    const { swatches } = paletteOf(photo(striped, () => FLOOR));
    expect(swatches.map(({ name }) => name)).toEqual(['red', 'navy']);
    expect(swatches[0]?.hex).toBe('#c81d25');
    expect(swatches[0]?.share).toBeCloseTo(0.75, 1);
    expect(oklabDistance(swatches[1]?.lab ?? oklabOfHex('#fff'), oklabOfRgb(...NAVY))).toBeLessThan(
      0.01,
    );
  });

  test('light and shade of one color are one swatch', () => {
    const shaded = (x: number): Rgb => RED.map((v) => Math.round(v * (0.9 + x / 400))) as never;
    expect(paletteOf(photo(shaded, () => FLOOR)).swatches).toHaveLength(1);
  });

  test('counts the whole picture on demand', () => {
    const { swatches } = paletteOf(
      photo(
        () => RED,
        () => FLOOR,
      ),
      { removeBackground: false },
    );
    expect(swatches.map(({ name }) => name)).toEqual(['beige', 'red']);
    expect(swatches[1]?.share).toBeCloseTo(3 / 8, 2);
  });

  test('the same bytes give the same palette, and bytes give what pixels give', async () => {
    const image = photo(noisy(NAVY, 20), noisy(FLOOR, 10));
    const bytes = await encodeRgb(image);
    const once = await paletteOfPhoto(bytes);
    expect(await paletteOfPhoto(bytes)).toEqual(once);
    expect(paletteOf(image)).toEqual(once);
  });

  test('of any picture: 1 to 5 swatches, largest first, shares that sum to 1', () => {
    const anyImage = fc
      .record({ width: fc.integer({ min: 1, max: 12 }), height: fc.integer({ min: 1, max: 12 }) })
      .chain(({ width, height }) => {
        const length = width * height * 3;
        return fc
          .uint8Array({ minLength: length, maxLength: length })
          .map((data) => ({ width, height, data }));
      });
    fc.assert(
      fc.property(anyImage, (image) => {
        const { swatches } = paletteOf(image);
        const shares = swatches.map(({ share }) => share);
        expect(swatches.length).toBeGreaterThanOrEqual(1);
        expect(swatches.length).toBeLessThanOrEqual(5);
        expect(shares).toEqual([...shares].sort((a, b) => b - a));
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
      }),
    );
  });
});

test('dominantColor is the mean of the largest cluster', () => {
  expect(
    dominantColor(
      photo(
        () => RED,
        () => FLOOR,
      ),
    ),
  ).toBe('#c8beaa');
});
