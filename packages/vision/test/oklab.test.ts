import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TYPICAL_COLORS } from '../src/color-names.ts';
import {
  colorNameOf,
  hexOfOklab,
  oklabDistance,
  oklabOfHex,
  oklabOfRgb,
  rgbOfOklab,
} from '../src/index.ts';

describe('OKLab', () => {
  // The sample values of CSS Color 4 for the corners of sRGB.
  test.each([
    ['#ffffff', 1, 0, 0],
    ['#000000', 0, 0, 0],
    ['#ff0000', 0.62796, 0.22486, 0.12585],
    ['#00ff00', 0.86644, -0.23389, 0.1795],
    ['#0000ff', 0.45201, -0.03246, -0.31153],
  ])('%s has the published coordinates', (hex, l, a, b) => {
    const lab = oklabOfHex(hex);
    expect(lab.l).toBeCloseTo(l, 4);
    expect(lab.a).toBeCloseTo(a, 4);
    expect(lab.b).toBeCloseTo(b, 4);
  });

  test('every sRGB color survives the way there and back', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(byte, byte, byte, (red, green, blue) => {
        expect(rgbOfOklab(oklabOfRgb(red, green, blue))).toEqual([red, green, blue]);
      }),
    );
  });

  test('colors that no screen shows are clipped', () => {
    expect(hexOfOklab({ l: 1.2, a: 0, b: 0 })).toBe('#ffffff');
    expect(hexOfOklab({ l: 0.6, a: 0.4, b: 0 })).toMatch(/^#[0-9a-f]{6}$/);
  });
});

describe('color names', () => {
  test('every name is the name of its own typical color', () => {
    for (const [name, [hex]] of Object.entries(TYPICAL_COLORS)) {
      expect(colorNameOf(oklabOfHex(hex))).toBe(name);
    }
  });

  test.each([
    ['#0000ff', 'blue'],
    ['#ff0000', 'red'],
    ['#ffff00', 'yellow'],
    ['#008000', 'green'],
    ['#000080', 'navy'],
    ['#800020', 'burgundy'],
    ['#808080', 'grey'],
    ['#fffdd0', 'cream'],
    ['#ffa500', 'orange'],
    ['#ffc0cb', 'pink'],
  ])('the web color %s is %s', (hex, name) => {
    expect(colorNameOf(oklabOfHex(hex))).toBe(name);
  });

  test('no two names share a color', () => {
    const labs = Object.values(TYPICAL_COLORS).map(([hex]) => oklabOfHex(hex));
    for (const [i, one] of labs.entries()) {
      for (const other of labs.slice(i + 1))
        expect(oklabDistance(one, other)).toBeGreaterThan(0.03);
    }
  });
});
