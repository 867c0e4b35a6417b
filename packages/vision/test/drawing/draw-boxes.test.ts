import { describe, expect, test } from '@jest/globals';
import {
  categoryColor,
  drawBoxes,
  type LabeledBox,
  oklabDistance,
  oklabOfRgb,
  type Rgb,
  type RgbImage,
} from '../../src/index.ts';
import { drawn } from '../fixture.ts';

const GREY: Rgb = [128, 128, 128];
const RED = categoryColor(0);
const plain = (width: number, height: number, color = GREY) => drawn(width, height, () => color);
const isSame = (one: RgbImage, other: RgbImage) => Buffer.compare(one.data, other.data) === 0;

function pixel({ data, width }: RgbImage, x: number, y: number): Rgb {
  const at = (y * width + x) * 3;
  return [...data.subarray(at, at + 3)] as unknown as Rgb;
}

/** A picture with boxes on it. */
function withBoxes(image: RgbImage, ...boxes: readonly LabeledBox[]): RgbImage {
  drawBoxes(image, boxes);
  return image;
}

const isColor = (image: RgbImage, color: Rgb) => (x: number, y: number) =>
  String(pixel(image, x, y)) === String(color);

/** Left, top, right and bottom of all pixels of a color. */
function extentOf(image: RgbImage, color: Rgb) {
  const has = isColor(image, color);
  const xs: number[] = [];
  const ys: number[] = [];
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < image.width; x++) {
      if (!has(x, y)) continue;
      xs.push(x);
      ys.push(y);
    }
  }
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs) + 1, Math.max(...ys) + 1];
}

describe('a box', () => {
  test('is a line of its color along the edge, black on both sides, and leaves the rest as it is', () => {
    const image = withBoxes(plain(200, 200), { box: [60, 80, 140, 180], label: '', color: RED });
    const row = (x: number) => pixel(image, x, 130);
    expect([58, 59, 60, 61, 62, 63].map(row)).toEqual([
      ...[GREY, [0, 0, 0], RED, RED, [0, 0, 0], GREY],
    ]);
    expect([136, 137, 138, 139, 140, 141].map(row)).toEqual([
      ...[GREY, [0, 0, 0], RED, RED, [0, 0, 0], GREY],
    ]);
    expect(pixel(image, 100, 80)).toEqual(RED);
    expect(pixel(image, 100, 179)).toEqual(RED);
  });

  test.each([
    ['black', [0, 0, 0]],
    ['white', [255, 255, 255]],
    ['of its own color', RED],
  ] as const)('stands out from a photograph that is %s', (_name, background) => {
    const image = withBoxes(plain(120, 120, background), {
      ...{ box: [20, 60, 100, 110], label: '', color: RED },
    });
    const lab = (x: number) => oklabOfRgb(...pixel(image, x, 80));
    const steps = [18, 19, 20].map((x) => oklabDistance(lab(x), lab(x + 1)));
    expect(Math.max(...steps)).toBeGreaterThan(0.6);
  });

  test('that leaves the picture, or has no extent, is drawn as far as it is there', () => {
    const image = withBoxes(
      plain(50, 40),
      { box: [-20, -20, 90, 90], label: 'dress', color: RED },
      { box: [30, 33, 30, 33], label: '', color: categoryColor(1) },
    );
    expect(image.data).toHaveLength(50 * 40 * 3);
    expect(pixel(image, 30, 33)).toEqual(categoryColor(1));
  });

  test('of higher rank lies on top', () => {
    const box = [10, 30, 60, 60] as const;
    const under = { box, label: '', color: categoryColor(1) };
    const image = withBoxes(plain(80, 80), { box, label: '', color: RED }, under);
    expect(pixel(image, 10, 45)).toEqual(RED);
  });
});

describe('a label', () => {
  test('stands above its box, with black letters on its color', () => {
    const box = [40, 100, 160, 180] as const;
    const image = withBoxes(plain(200, 200), { box, label: 'dress 98 %', color: RED });
    const [left, top] = extentOf(image, RED);
    expect(left).toBe(40);
    expect(top).toBeLessThan(90);
    const letters = Array.from({ length: 60 }, (_, i) => pixel(image, 44 + i, 90));
    expect(letters.some((color) => String(color) === '0,0,0')).toBe(true);
    expect(letters.some((color) => String(color) === String(RED))).toBe(true);
  });

  test.each([
    ['at the top', [0, 0, 60, 190]],
    ['at the right', [150, 90, 200, 190]],
    ['that is the whole picture', [0, 0, 200, 200]],
    ['at the lower left', [0, 180, 20, 200]],
  ] as const)('of a box %s is inside of the picture', (_name, box) => {
    const bare = withBoxes(plain(200, 200), { box, label: '', color: RED });
    const labeled = withBoxes(plain(200, 200), { box, label: 'shirt 7 %', color: RED });
    const count = ({ data }: RgbImage) =>
      data.filter((byte, i) => i % 3 === 0 && byte === 0).length;
    // As many letters as where there is room.
    const free = withBoxes(plain(200, 200), {
      ...{ box: [70, 70, 180, 180], label: 'shirt 7 %', color: RED },
    });
    const freeBare = withBoxes(plain(200, 200), { box: [70, 70, 180, 180], label: '', color: RED });
    expect(count(labeled) - count(bare)).toBeGreaterThan((count(free) - count(freeBare)) * 0.7);
  });

  test('does not cover that of another box at the same place', () => {
    const box = [40, 60, 160, 180] as const;
    const other = categoryColor(1);
    const alone = withBoxes(plain(200, 200), { box, label: 'dress', color: RED });
    const both = withBoxes(
      plain(200, 200),
      { box, label: 'dress', color: RED },
      { box, label: 'skirt', color: other },
    );
    expect(extentOf(both, RED)).toEqual(extentOf(alone, RED));
    expect(extentOf(both, other)).not.toEqual([Infinity, Infinity, -Infinity, -Infinity]);
  });

  test('grows with the picture', () => {
    const heightIn = (side: number) => {
      const [middle, end] = [side / 2, side * 0.9];
      const box = [side / 4, middle, end, end] as const;
      const image = withBoxes(plain(side, side), { box, label: 'a', color: RED });
      const isColored = isColor(image, RED);
      const rows = Array.from({ length: middle }, (_, y) => y);
      return middle - (rows.find((y) => isColored(side / 4 + 3, y)) ?? middle);
    };
    expect(heightIn(1280) / heightIn(640)).toBeCloseTo(2, 0);
  });

  test('is made smaller, then cut, then left out where the picture is too narrow', () => {
    const label = 'short_sleeve_outwear 100 %';
    const draw = (width: number, height: number) =>
      withBoxes(plain(width, height), { box: [0, 0, width, height], label, color: RED });
    const bare = (width: number, height: number) =>
      withBoxes(plain(width, height), { box: [0, 0, width, height], label: '', color: RED });
    expect(isSame(draw(140, 60), bare(140, 60))).toBe(false);
    expect(isSame(draw(60, 60), bare(60, 60))).toBe(false);
    expect(isSame(draw(1, 4000), bare(1, 4000))).toBe(true);
    expect(draw(4000, 1).data).toHaveLength(12_000);
  });
});

test('the same boxes give the same pixels', () => {
  const boxes = [0, 1, 2, 3, 4].map((i) => ({
    ...{ box: [i * 20, 20 + i * 9, 90 + i * 20, 190] as const, label: `type ${i}` },
    color: categoryColor(i),
  }));
  const draw = () => withBoxes(plain(200, 200), ...boxes);
  expect(isSame(draw(), draw())).toBe(true);
});

test('the colors of neighboring categories are told apart at sight, and bear black letters', () => {
  const colors = Array.from({ length: 46 }, (_, place) => oklabOfRgb(...categoryColor(place)));
  for (const [place, color] of colors.entries()) {
    expect(color.l).toBeGreaterThan(0.6);
    for (const other of colors.slice(place + 1, place + 6)) {
      expect(oklabDistance(color, other)).toBeGreaterThan(0.09);
    }
  }
});
