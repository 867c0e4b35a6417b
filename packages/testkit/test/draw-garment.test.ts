import {
  colorNameOf,
  decodeRgb,
  oklabDistance,
  oklabOfHex,
  paletteOfPhoto,
} from '@deepstyle/vision';
import { describe, expect, test } from '@jest/globals';
import {
  drawGarment,
  GARMENT_CATEGORIES,
  GARMENT_COLOR_NAMES,
  GARMENT_COLORS,
  GARMENT_PATTERNS,
  GARMENT_TYPES,
  type GarmentDrawing,
} from '../src/index.ts';

const coat: GarmentDrawing = { seed: 7, category: 'coat', color: 'red', pattern: 'checks' };

describe('drawGarment', () => {
  test('the same drawing gives the same bytes, another seed another photograph', async () => {
    const once = await drawGarment(coat);
    expect(await drawGarment(coat)).toEqual(once);
    const other = await drawGarment({ ...coat, seed: 8 });
    expect(Buffer.compare(other.jpeg, once.jpeg)).not.toBe(0);
  });

  test('tells the truth of what it drew', async () => {
    const { truth, svg } = await drawGarment(coat);
    expect(truth).toMatchObject({
      category: 'coat',
      type: 'full',
      color: 'red',
      hex: GARMENT_COLORS.red,
      pattern: 'checks',
    });
    expect(svg).toContain(GARMENT_COLORS.red);
  });

  test('draws at the size asked for', async () => {
    const { jpeg } = await drawGarment({ ...coat, widthPx: 96, heightPx: 128 });
    expect(await decodeRgb(jpeg)).toMatchObject({ width: 96, height: 128 });
  });

  test('each category and pattern looks different', async () => {
    const drawings = GARMENT_CATEGORIES.flatMap((category) =>
      GARMENT_PATTERNS.map((pattern) => drawGarment({ ...coat, category, pattern })),
    );
    const seen = new Set((await Promise.all(drawings)).map(({ jpeg }) => jpeg.toString()));
    expect(seen.size).toBe(32);
  });

  test('a garment’s colour can be found again in its photograph', async () => {
    const drawings = GARMENT_CATEGORIES.flatMap((category, row) =>
      GARMENT_COLOR_NAMES.map((color, i): GarmentDrawing => {
        const pattern = GARMENT_PATTERNS[(row + i) % 4] ?? 'plain';
        return { seed: row * 100 + i, category, color, pattern };
      }),
    );
    const missed: string[] = [];
    for (const drawing of drawings) {
      const { jpeg, truth } = await drawGarment(drawing);
      const palette = await paletteOfPhoto(jpeg);
      const name = palette.swatches[0]?.name;
      if (name !== truth.color) missed.push(`${truth.color} ${truth.category}: ${name}`);
    }
    expect(missed).toEqual([]);
  });
});

describe('the drawn colours', () => {
  test.each(GARMENT_COLOR_NAMES)('%s is called so', (name) => {
    expect(colorNameOf(oklabOfHex(GARMENT_COLORS[name]))).toBe(name);
  });

  test('are easy to tell apart', () => {
    const labs = Object.values(GARMENT_COLORS).map(oklabOfHex);
    for (const [i, one] of labs.entries()) {
      for (const other of labs.slice(i + 1))
        expect(oklabDistance(one, other)).toBeGreaterThan(0.09);
    }
  });
});

test('each category has one of the three types', () => {
  expect(new Set(Object.values(GARMENT_TYPES))).toEqual(new Set(['full', 'upper', 'lower']));
  expect(GARMENT_CATEGORIES).toHaveLength(8);
});
