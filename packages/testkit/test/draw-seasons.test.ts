import { decodeRgb, paletteOfPhoto } from '@deepstyle/vision';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type DrawnSeasons, type DrawnTrend, drawSeasons } from '../src/index.ts';

const small = { widthPx: 48, heightPx: 64 };
const rows = (trends: readonly DrawnTrend<string>[], direction: string) =>
  trends.filter((trend) => trend.direction === direction);

describe('drawSeasons', () => {
  let set: DrawnSeasons;
  beforeAll(async () => {
    set = await drawSeasons({ seed: 1, perSeason: 120, ...small });
  });

  test('the truth counts the files of each kind', () => {
    const count = (kind: string) => set.photos.filter((photo) => photo.kind === kind).length;
    expect([count('photo'), count('duplicate'), count('not-photo')]).toEqual([240, 3, 4]);
    expect(set.truth).toMatchObject({
      seasons: ['SS2026', 'FW2026'],
      photos: 240,
      photosPerSeason: { SS2026: 120, FW2026: 120 },
      duplicates: 3,
      notPhotos: 4,
    });
    expect(new Set(set.photos.map(({ id }) => id)).size).toBe(247);
    expect(new Set(set.photos.map(({ file }) => file)).size).toBe(247);
  });

  test('the truth’s shares are those of the photographs', () => {
    for (const { name, counts, shares } of set.truth.categories) {
      for (const [i, season] of set.truth.seasons.entries()) {
        const drawn = set.photos.filter(
          (photo) => photo.kind === 'photo' && photo.season === season && photo.category === name,
        );
        expect(counts[i]).toBe(drawn.length);
        expect(shares[i]).toBeCloseTo(drawn.length / 120, 12);
      }
    }
  });

  test('some categories and colours rise, some fall, some stay exactly', () => {
    for (const trends of [set.truth.categories, set.truth.colors]) {
      expect(rows(trends, 'rising')).toHaveLength(2);
      expect(rows(trends, 'falling')).toHaveLength(2);
      expect(rows(trends, 'unchanged')).toHaveLength(4);
      for (const { counts, direction } of trends) {
        const rise = (counts[1] ?? 0) - (counts[0] ?? 0);
        const sign = { rising: 1, falling: -1, unchanged: 0 }[direction];
        expect(Math.sign(rise)).toBe(sign);
      }
    }
    expect(set.truth.categories[0]).toMatchObject({ name: 'coat', counts: [6, 27] });
    expect(set.truth.colors.at(-1)).toMatchObject({ name: 'yellow', direction: 'falling' });
  });

  test('all photographs differ, duplicates are copies, the others cannot be decoded', async () => {
    const bytesOf = new Map(set.photos.map(({ id, bytes }) => [id, Buffer.from(bytes)]));
    const photos = set.photos.filter(({ kind }) => kind === 'photo');
    expect(new Set(photos.map(({ id }) => bytesOf.get(id)?.toString('base64'))).size).toBe(240);
    for (const photo of set.photos) {
      if (photo.kind === 'duplicate') {
        const original = photos.find(({ id }) => id === photo.duplicateOf);
        expect(original?.bytes).toEqual(photo.bytes);
        expect(original?.category).toBe(photo.category);
      }
      if (photo.kind === 'not-photo') await expect(decodeRgb(photo.bytes)).rejects.toThrow();
    }
  });

  test('brands share each season evenly', () => {
    for (const brand of set.truth.brands) {
      const owned = set.photos.filter((photo) => photo.kind === 'photo' && photo.brand === brand);
      expect(owned).toHaveLength(80);
    }
  });
});

test('the same options give the same bytes, another seed does not', async () => {
  const options = { seed: 3, perSeason: 6, duplicates: 1, notPhotos: 2, ...small };
  const once = await drawSeasons(options);
  expect(await drawSeasons(options)).toEqual(once);
  const other = await drawSeasons({ ...options, seed: 4 });
  expect(other.photos[0]?.bytes).not.toEqual(once.photos[0]?.bytes);
});

test('one season has no direction; three lie on a line; brands and copies are as asked for', async () => {
  const base = { seed: 1, duplicates: 0, notPhotos: 0, ...small };
  const one = await drawSeasons({ ...base, perSeason: 20, seasons: ['SS2026'], brands: ['Solo'] });
  expect(one.photos).toHaveLength(20);
  expect(one.truth.categories.every(({ direction }) => direction === 'unchanged')).toBe(true);
  expect(new Set(one.photos.map(({ brand }) => brand))).toEqual(new Set(['Solo']));
  const seasons = ['SS2025', 'FW2025', 'SS2026'];
  const three = await drawSeasons({ ...base, perSeason: 100, seasons });
  const coat = three.truth.categories.find(({ name }) => name === 'coat');
  expect(coat?.counts).toHaveLength(3);
  expect(coat?.counts[0]).toBeLessThan(coat?.counts[1] ?? 0);
  expect(coat?.counts[1]).toBeLessThan(coat?.counts[2] ?? 0);
});

test('the palettes of a season say what was drawn', async () => {
  const set = await drawSeasons({ seed: 2, perSeason: 40, seasons: ['FW2026'] });
  let right = 0;
  for (const photo of set.photos.filter(({ kind }) => kind === 'photo')) {
    const palette = await paletteOfPhoto(photo.bytes);
    if (palette.swatches[0]?.name === photo.color) right++;
  }
  expect(right).toBeGreaterThanOrEqual(39);
});
