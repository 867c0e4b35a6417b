import { describe, expect, test } from '@jest/globals';
import { wilsonInterval } from '../src/statistics/wilson-interval.ts';
import { type GarmentFacts, type TrendsInput, trendsOf } from '../src/trends.ts';
import { drawn } from './drawn-numbers.ts';

const COLORS = [
  { name: 'black', hex: '#101012' },
  { name: 'red', hex: '#c81d25' },
];

function garments(counts: Readonly<Record<string, number>>, red = 0.5): GarmentFacts[] {
  return Object.entries(counts).flatMap(([category, count]) =>
    Array.from({ length: count }, (_, index) => ({
      photoId: `${category} ${index}`,
      category,
      categoryType: 'full' as const,
      colorShares: [1 - red, red],
    })),
  );
}

function input(now: GarmentFacts[], before: GarmentFacts[] | null): TrendsInput {
  return {
    season: 'FW2026',
    now,
    colors: COLORS,
    minGarments: 30,
    before: before === null ? null : { season: 'SS2026', garments: before },
  };
}

describe('shares', () => {
  const { categories, palette, ...rest } = trendsOf(input(garments({ dress: 30, coat: 90 }), null));

  test('stand with their counts and intervals, largest first', () => {
    expect(categories).toEqual([
      {
        name: 'coat',
        type: 'full',
        hex: null,
        count: 90,
        share: 0.75,
        momentum: null,
        interval: wilsonInterval(0.75, 120),
      },
      {
        name: 'dress',
        type: 'full',
        hex: null,
        count: 30,
        share: 0.25,
        momentum: null,
        interval: wilsonInterval(0.25, 120),
      },
    ]);
    expect(rest).toMatchObject({ garmentCount: 120, photoCount: 120 });
  });

  test('of colors are means over garments and carry their hex', () => {
    expect(palette).toMatchObject([
      { name: 'black', hex: '#101012', type: null, count: 60, share: 0.5 },
      { name: 'red', hex: '#c81d25', type: null, count: 60, share: 0.5 },
    ]);
  });

  test('of colors leave out garments whose colors are not known', () => {
    const unknown = garments({ dress: 10 }).map((one) => ({ ...one, colorShares: null }));
    const now = [...garments({ coat: 12 }, 0.25), ...unknown];
    expect(trendsOf(input(now, null)).palette[0]).toMatchObject({ share: 0.75, count: 9 });
  });

  test('of an empty season are none', () => {
    expect(trendsOf(input([], null))).toMatchObject({ categories: [], garmentCount: 0 });
  });
});

describe('momentum is left out, with the reason,', () => {
  const enough = garments({ dress: 30 });
  const few = garments({ dress: 29 });
  const onePhoto = enough.map((garment) => ({ ...garment, photoId: 'one' }));
  test.each([
    ['no earlier season', enough, null],
    ['too few garments: 29 in FW2026, at least 30 are needed', few, enough],
    ['too few garments: 29 in SS2026, at least 30 are needed', enough, few],
    ['too few photographs: 1 in SS2026, at least 10 are needed', enough, onePhoto],
  ])('%s', (reason, now, before) => {
    const { momentumReason, categories, palette } = trendsOf(input(now, before));
    expect(momentumReason).toBe(reason);
    expect([...categories, ...palette].map(({ momentum }) => momentum)).toEqual([null, null, null]);
  });

  test('for colors alone, where too few garments have known colors', () => {
    const dark = enough.map((garment, index) =>
      index < 5 ? garment : { ...garment, colorShares: null },
    );
    const { momentumReason, categories, palette } = trendsOf(input(enough, dark));
    expect(momentumReason).toBeNull();
    expect(categories[0]?.momentum).not.toBeNull();
    expect(palette[0]?.momentum).toBeNull();
  });
});

describe('momentum', () => {
  const before = garments({ dress: 60, coat: 20, skirt: 40 }, 0.2);
  const now = garments({ dress: 25, coat: 60, shirt: 35 }, 0.3);
  const { categories, previousSeason } = trendsOf(input(now, before));
  const of = (name: string) => categories.find((share) => share.name === name);

  test('is called where the evidence holds after correction', () => {
    expect(previousSeason).toBe('SS2026');
    expect(of('coat')?.momentum).toMatchObject({ direction: 'RISING' });
    expect(of('coat')?.momentum?.change).toBeCloseTo(60 / 120 - 20 / 120, 12);
    expect(of('dress')?.momentum).toMatchObject({ direction: 'FALLING' });
  });

  test('also tells of categories that came or went', () => {
    expect(of('shirt')?.momentum).toMatchObject({ direction: 'RISING' });
    expect(of('skirt')).toMatchObject({ count: 0, share: 0, momentum: { direction: 'FALLING' } });
  });

  test('needs more than a p-value below 0.05 where there are many comparisons', () => {
    // 36 of 120 against 22 of 120: p = 0.035 alone, and 20 categories are compared.
    const others = Array.from({ length: 19 }, (_, index) => `other ${index}`);
    const counts = (shirts: number) => {
      const rest = Object.fromEntries(others.map((name) => [name, 4]));
      return { shirt: shirts, dress: 44 - shirts, ...rest };
    };
    const shirt = (season: TrendsInput) =>
      trendsOf(season).categories.find(({ name }) => name === 'shirt');
    const share = shirt(input(garments(counts(36)), garments(counts(22))));
    expect(share?.momentum).toMatchObject({ direction: 'UNCHANGED' });
    expect(share?.momentum?.interval.low).toBeGreaterThan(0);
    expect(share?.momentum?.adjustedP).toBeGreaterThan(0.05);
  });
});

/** A season of 70 photographs of 1 or 2 garments; those of a photograph share their colors. */
function drawnSeason(random: () => number): GarmentFacts[] {
  const categories = ['dress', 'coat', 'skirt', 'shirt', 'shorts', 'jacket'];
  return Array.from({ length: 70 }, (_, photo) => {
    const red = random() < 0.3 ? random() : 0;
    return Array.from({ length: 1 + Math.floor(random() * 2) }, () => ({
      photoId: `photo ${photo}`,
      category: categories[Math.floor(random() ** 2 * categories.length)] ?? 'dress',
      categoryType: 'full' as const,
      colorShares: [1 - red, red],
    }));
  }).flat();
}

test('where nothing changed, at most about one batch in twenty calls anything', () => {
  const random = drawn(11);
  const rounds = 300;
  const wrong = Array.from({ length: rounds }, () => {
    const { categories, palette } = trendsOf(input(drawnSeason(random), drawnSeason(random)));
    return [...categories, ...palette].some(({ momentum }) => momentum?.direction !== 'UNCHANGED');
  }).filter(Boolean).length;
  expect(wrong / rounds).toBeLessThan(0.06);
});
