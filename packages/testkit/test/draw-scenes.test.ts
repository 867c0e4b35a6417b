import { decodeRgb } from '@deepstyle/vision';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { CLUTTER, type DrawnScenes, drawScenes, SCENE_COCO_CATEGORIES } from '../src/index.ts';

const SEASONS = ['SS2025', 'FW2025', 'SS2026'];

describe('drawn scenes of three seasons', () => {
  let set: DrawnScenes;
  beforeAll(async () => {
    set = await drawScenes({ seed: 5, perSeason: 20, duplicates: 3, notPhotos: 4 });
  });

  test('are pictures of 192 x 256 px with one or two figures in one to four garments', async () => {
    const figures = set.photos.map(({ scene }) => new Set(scene.garments.map((one) => one.figure)));
    expect(new Set(figures.map(({ size }) => size))).toEqual(new Set([1, 2]));
    const { width, height } = await decodeRgb(set.photos[0]?.bytes ?? new Uint8Array());
    expect([width, height]).toEqual([192, 256]);
    for (const { scene } of set.photos) {
      expect(scene.garments.length).toBeGreaterThanOrEqual(1);
      expect(scene.garments.length).toBeLessThanOrEqual(4);
    }
  });

  test('show eight categories, four patterns, three brands and every kind of clutter', () => {
    const garments = set.photos.flatMap(({ scene }) => scene.garments);
    expect(new Set(garments.map(({ category }) => category)).size).toBe(8);
    expect(new Set(garments.map(({ pattern }) => pattern)).size).toBe(4);
    expect(new Set(set.photos.map(({ brand }) => brand)).size).toBe(3);
    expect(CLUTTER.length).toBeGreaterThanOrEqual(6);
    const shown = new Set(set.photos.flatMap(({ scene }) => scene.clutter));
    expect(shown).toEqual(new Set(CLUTTER));
  });

  test('count their files of each kind; copies and what is no photograph stay out of the truth', () => {
    const count = (kind: string) => set.photos.filter((photo) => photo.kind === kind).length;
    expect([count('photo'), count('duplicate'), count('not-photo')]).toEqual([60, 3, 4]);
    expect(set.truth).toMatchObject({ photos: 60, duplicates: 3, notPhotos: 4, seasons: SEASONS });
    expect(set.truth.coco.images).toHaveLength(60);
    expect(new Set(set.photos.map(({ id }) => id)).size).toBe(67);
  });

  test('have a COCO truth with every garment’s box inside of its picture', () => {
    const { images, annotations, categories } = set.truth.coco;
    expect(categories).toEqual(SCENE_COCO_CATEGORIES);
    expect(annotations).toHaveLength(set.truth.garments);
    expect(annotations.map(({ id }) => id)).toEqual(annotations.map((_, i) => i + 1));
    for (const { image_id, bbox } of annotations) {
      const [left, top, width, height] = bbox;
      const image = images.find(({ id }) => id === image_id);
      expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
      expect(left + width).toBeLessThanOrEqual(image?.width ?? 0);
      expect(top + height).toBeLessThanOrEqual(image?.height ?? 0);
    }
  });

  test('say the shares of each season as they are in the scenes', () => {
    for (const { name, counts, shares } of set.truth.categories) {
      for (const [i, season] of SEASONS.entries()) {
        const garments = set.photos
          .filter((photo) => photo.kind === 'photo' && photo.season === season)
          .flatMap(({ scene }) => scene.garments);
        const own = garments.filter(({ category }) => category === name);
        expect(counts[i]).toBe(own.length);
        expect(shares[i]).toBeCloseTo(own.length / garments.length, 12);
      }
    }
  });

  test('have copies with the same bytes and files that no decoder takes', async () => {
    for (const photo of set.photos) {
      if (photo.kind === 'duplicate')
        expect(set.photos.find(({ id }) => id === photo.duplicateOf)?.bytes).toEqual(photo.bytes);
      if (photo.kind === 'not-photo') await expect(decodeRgb(photo.bytes)).rejects.toThrow();
    }
  });
});

test('the same options give the same bytes and truth, another seed does not', async () => {
  const options = { seed: 3, perSeason: 4, duplicates: 1, notPhotos: 1 };
  const once = await drawScenes(options);
  expect(await drawScenes(options)).toEqual(once);
  const other = await drawScenes({ ...options, seed: 4 });
  expect(other.photos[0]?.bytes).not.toEqual(once.photos[0]?.bytes);
});
