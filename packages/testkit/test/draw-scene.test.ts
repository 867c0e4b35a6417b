import { decodeRgb, type RgbImage } from '@deepstyle/vision';
import { describe, expect, test } from '@jest/globals';
import { type DrawnSceneImage, drawScene, type Outfit } from '../src/index.ts';

const plain = (category: 'dress' | 'shirt' | 'skirt' | 'coat', color: 'red' | 'brown') =>
  ({ category, color, pattern: 'plain' }) as const;
const DRESS: Outfit = [plain('dress', 'red')];
const SEPARATES: Outfit = [plain('skirt', 'brown'), plain('shirt', 'red')];

/** Around all pixels that differ by more than noise and JPEG leave: [left, top, right, bottom]. */
function changedBox(one: RgbImage, other: RgbImage) {
  const box: [number, number, number, number] = [one.width, one.height, 0, 0];
  for (let pixel = 0; pixel < one.width * one.height; pixel++) {
    const difference = [0, 1, 2].reduce(
      (sum, channel) =>
        sum +
        Math.abs((one.data[pixel * 3 + channel] ?? 0) - (other.data[pixel * 3 + channel] ?? 0)),
      0,
    );
    if (difference < 90) continue;
    const [x, y] = [pixel % one.width, Math.floor(pixel / one.width)];
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x + 1);
    box[3] = Math.max(box[3], y + 1);
  }
  return box;
}

/** The first pixel, which is wall: the same hall gives nearly the same. */
const isSameHall = (one: RgbImage, other: RgbImage) =>
  [0, 1, 2].every((at) => Math.abs((one.data[at] ?? 0) - (other.data[at] ?? 0)) < 30);

/** Scenes twice: as they are, and with garment `index` of the last outfit in another colour. */
async function* recoloured(figures: readonly Outfit[], index: number, scenes: number) {
  let found = 0;
  for (let seed = 1; found < scenes && seed < 40; seed++) {
    const last = figures.at(-1) ?? [];
    const changed = last.map((one, i) => (i === index ? { ...one, color: 'green' as const } : one));
    const scene = await drawScene({ seed, figures });
    const one = await decodeRgb(scene.jpeg);
    const other = await decodeRgb(
      (await drawScene({ seed, figures: [...figures.slice(0, -1), changed] })).jpeg,
    );
    // Another colour may ask for another hall.
    if (!isSameHall(one, other)) continue;
    found += 1;
    yield { scene, box: changedBox(one, other) };
  }
  expect(found).toBe(scenes);
}

function expectTight(scene: DrawnSceneImage, index: number, box: readonly number[]) {
  const [left = 0, top = 0, width = 0, height = 0] = scene.garments[index]?.box ?? [];
  const truth = [left, top, left + width, top + height];
  for (const [i, edge] of truth.entries()) {
    expect(Math.abs(edge - (box[i] ?? 0))).toBeLessThanOrEqual(2);
  }
}

describe('a drawn scene', () => {
  test('says the very box of a garment: there and only there its colour shows', async () => {
    for await (const { scene, box } of recoloured([DRESS], 0, 4)) expectTight(scene, 0, box);
  });

  test('says so too of two garments of one figure, of which one covers a part of the other', async () => {
    for await (const { scene, box } of recoloured([SEPARATES], 0, 4)) expectTight(scene, 0, box);
    for await (const { scene, box } of recoloured([SEPARATES], 1, 4)) expectTight(scene, 1, box);
  });

  test('names the type, the colour and the figure of each garment', async () => {
    const { garments, widthPx, heightPx } = await drawScene({
      seed: 3,
      figures: [DRESS, SEPARATES],
    });
    expect({ widthPx, heightPx }).toEqual({ widthPx: 192, heightPx: 256 });
    expect(garments).toMatchObject([
      { category: 'dress', type: 'full', color: 'red', hex: '#c81d25', figure: 0 },
      { category: 'skirt', type: 'lower', figure: 1 },
      { category: 'shirt', type: 'upper', figure: 1 },
    ]);
  });

  test('shows enough of the one behind, also where the one in front is wide', async () => {
    const coat: Outfit = [plain('coat', 'brown')];
    for (let seed = 0; seed < 25; seed++) {
      const { garments } = await drawScene({ seed, figures: [SEPARATES, coat] });
      expect(garments).toHaveLength(3);
      for (const { pixels, box } of garments) {
        expect(pixels).toBeGreaterThan(200);
        expect(Math.min(box[2], box[3])).toBeGreaterThan(12);
      }
    }
  });

  test('is the same at twice the size, with boxes twice as large', async () => {
    const small = await drawScene({ seed: 5, figures: [DRESS] });
    const large = await drawScene({ seed: 5, figures: [DRESS], widthPx: 384, heightPx: 512 });
    expect(large.clutter).toEqual(small.clutter);
    for (const [i, edge] of (large.garments[0]?.box ?? []).entries()) {
      expect(Math.abs(edge - 2 * (small.garments[0]?.box[i] ?? 0))).toBeLessThanOrEqual(2);
    }
  });
});
