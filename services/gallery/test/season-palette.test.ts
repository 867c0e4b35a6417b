import { oklabOfHex } from '@deepstyle/vision';
import { expect, test } from '@jest/globals';
import { seasonPalette } from '../src/season-palette.ts';

const plain = (...hexes: string[]) =>
  hexes.map((hex) => ({ lab: oklabOfHex(hex), share: 1 / hexes.length }));

test('colors of both seasons fall into the same clusters, and a garment shares them out', () => {
  const { colors, sharesOf } = seasonPalette(
    [plain('#c81d25'), plain('#c51f24', '#101012'), plain('#111113')],
    2,
  );
  expect(colors.map(({ name }) => name).sort()).toEqual(['black', 'red']);
  const red = colors.findIndex(({ name }) => name === 'red');
  expect(sharesOf.map((shares) => shares?.[red])).toEqual([1, 0.5, 0]);
  expect(colors[red]?.hex).toMatch(/^#[0-9a-f]{6}$/);
});

test('a garment whose colors are not known has no shares, rather than shares of 0', () => {
  expect(seasonPalette([plain('#c81d25'), []], 4).sharesOf[1]).toBeNull();
  expect(seasonPalette([[]], 4)).toEqual({ colors: [], sharesOf: [null] });
  expect(seasonPalette([], 4)).toEqual({ colors: [], sharesOf: [] });
});

test('colors of one name are told apart in words, then by their hex', () => {
  const named = (...hexes: string[]) =>
    seasonPalette(
      hexes.map((hex) => plain(hex)),
      hexes.length,
    ).colors.map(({ name }) => name);
  expect(named('#1f6b33', '#57a95b', '#c81d25').sort()).toEqual([
    'dark green',
    'light green',
    'red',
  ]);
  expect(named('#1b4a2a', '#2f8f3e', '#57a95b').sort()).toEqual([
    'dark green',
    'green',
    'light green',
  ]);
  // "light blue" is a color of its own here.
  const blues = named('#1f4aa8', '#4f7fb5', '#a8cbe8');
  expect(new Set(blues).size).toBe(3);
  expect(blues).toContain('light blue');
  expect(blues.filter((name) => /^blue #[0-9a-f]{6}$/.test(name))).toHaveLength(2);
});

test('of very many garments every one is counted, though not every one is clustered', () => {
  const many = Array.from({ length: 25_000 }, (_, index) =>
    plain(index % 2 === 0 ? '#c81d25' : '#101012'),
  );
  const { colors, sharesOf } = seasonPalette(many, 2);
  const red = colors.findIndex(({ name }) => name === 'red');
  expect(sharesOf).toHaveLength(many.length);
  expect(sharesOf.filter((shares) => shares?.[red] === 1)).toHaveLength(12_500);
});
