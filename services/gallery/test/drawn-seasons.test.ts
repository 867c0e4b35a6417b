import { drawSeasons } from '@deepstyle/testkit';
import { paletteOfPhoto } from '@deepstyle/vision';
import { beforeAll, expect, test } from '@jest/globals';
import { seasonPalette } from '../src/season-palette.ts';
import { type GarmentFacts, type TrendShare, type Trends, trendsOf } from '../src/trends.ts';

const [SUMMER, WINTER] = ['SS2026', 'FW2026'] as const;
type Drawn = Awaited<ReturnType<typeof drawSeasons>>;

let truth: Drawn['truth'];
let trends: Trends;

/** Two drawn seasons with known shares; their palettes are taken from the pictures. */
beforeAll(async () => {
  const drawn = await drawSeasons({ seed: 3, perSeason: 120, widthPx: 120, heightPx: 160 });
  truth = drawn.truth;
  const photos = drawn.photos.filter(({ kind }) => kind === 'photo');
  const palettes = await Promise.all(
    photos.map(async ({ bytes }) => (await paletteOfPhoto(bytes)).swatches),
  );
  const { colors, sharesOf } = seasonPalette(palettes, 10);
  const factsOf = (season: string): GarmentFacts[] =>
    photos.flatMap((photo, index) => {
      const { id, category } = photo;
      const facts = { photoId: id, category, categoryType: 'full' as const };
      return photo.season === season ? [{ ...facts, colorShares: sharesOf[index] ?? null }] : [];
    });
  const before = { season: SUMMER, garments: factsOf(SUMMER) };
  trends = trendsOf({ season: WINTER, now: factsOf(WINTER), before, colors, minGarments: 30 });
});

const called = (shares: readonly TrendShare[], direction: string) =>
  shares.filter(({ momentum }) => momentum?.direction === direction).map(({ name }) => name);

test('the shares of categories are those that were drawn', () => {
  for (const { name, counts } of truth.categories) {
    const share = trends.categories.find((one) => one.name === name);
    expect(share?.count).toBe(counts[1]);
    expect(share?.momentum?.change).toBeCloseTo(((counts[1] ?? 0) - (counts[0] ?? 0)) / 120, 12);
  }
});

test('what is called rises and falls as drawn, and the strongest are called', () => {
  const drawn = (direction: string) =>
    truth.categories.filter((one) => one.direction === direction).map(({ name }) => name);
  expect(called(trends.categories, 'RISING')).toContain('coat');
  expect(drawn('rising')).toEqual(expect.arrayContaining(called(trends.categories, 'RISING')));
  expect(drawn('falling')).toEqual(expect.arrayContaining(called(trends.categories, 'FALLING')));
  expect(called(trends.palette, 'RISING')).toEqual(['brown']);
  // The mean of all that is yellow may be nearer to mustard.
  expect(called(trends.palette, 'FALLING').join()).toMatch(/^(yellow|mustard)$/);
});
