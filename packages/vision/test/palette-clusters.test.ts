import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clusterPalettes, oklabOfHex, sharesOf } from '../src/index.ts';

const color = (hex: string, share: number) => ({ lab: oklabOfHex(hex), share });

describe('clusterPalettes', () => {
  test('joins near tones of different garments and adds up their shares', () => {
    const { clusters, itemShares } = clusterPalettes(
      [
        [color('#c81d25', 1)],
        [color('#c3222a', 0.5), color('#1f2d55', 0.5)],
        [color('#1f2f58', 1)],
        [color('#cd1b22', 1)],
      ],
      2,
    );
    expect(clusters.map(({ name }) => name)).toEqual(['red', 'navy']);
    expect(clusters[0]?.share).toBeCloseTo(2.5 / 4, 12);
    expect(itemShares).toEqual([
      [1, 0],
      [0.5, 0.5],
      [0, 1],
      [1, 0],
    ]);
  });

  test('a season without garments has no palette', () => {
    expect(clusterPalettes([], 5)).toEqual({ clusters: [], itemShares: [] });
    expect(clusterPalettes([[]], 5)).toEqual({ clusters: [], itemShares: [[]] });
  });

  test('fewer colors than clusters give fewer clusters, none of them empty', () => {
    const { clusters } = clusterPalettes([[color('#000000', 0.4), color('#ffffff', 0.6)]], 8);
    expect(clusters.map(({ hex, share }) => [hex, share])).toEqual([
      ['#ffffff', 0.6],
      ['#000000', 0.4],
    ]);
  });

  test('of any palettes: shares sum to 1, for the season and for each garment, and repeat exactly', () => {
    const hex = fc.integer({ min: 0, max: 0xffffff }).map((n) => n.toString(16).padStart(6, '0'));
    const palette = fc
      .array(fc.tuple(hex, fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 5 })
      .map((rows) => {
        const total = rows.reduce((sum, [, weight]) => sum + weight, 0);
        return rows.map(([value, weight]) => color(value, weight / total));
      });
    const palettes = fc.array(palette, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(palettes, fc.integer({ min: 1, max: 6 }), (items, k) => {
        const result = clusterPalettes(items, k);
        const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
        expect(sum(result.clusters.map(({ share }) => share))).toBeCloseTo(1, 9);
        for (const row of result.itemShares) expect(sum(row)).toBeCloseTo(1, 9);
        for (const [i, cluster] of result.clusters.entries()) {
          const mean = sum(result.itemShares.map((row) => row[i] ?? 0)) / items.length;
          expect(cluster.share).toBeCloseTo(mean, 9);
        }
        expect(clusterPalettes(items, k)).toEqual(result);
      }),
    );
  });
});

test('another season is counted in the first one’s colors', () => {
  const clusters = [oklabOfHex('#c81d25'), oklabOfHex('#1f2d55')];
  expect(sharesOf([color('#d03030', 0.2), color('#101c40', 0.8)], clusters)).toEqual([0.2, 0.8]);
  expect(sharesOf([], clusters)).toEqual([0, 0]);
});
