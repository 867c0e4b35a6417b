import { GARMENT_CATEGORIES, GARMENT_TYPES, planScenes } from '@deepstyle/testkit';
import { describe, expect, test } from '@jest/globals';
import { type GarmentFacts, trendsOf } from '../src/trends.ts';
import { drawn } from './drawn-numbers.ts';

const SEASONS = ['SS2025', 'FW2025', 'SS2026'];
const SCENES = 180;
const SEEDS = Array.from({ length: 20 }, (_, i) => 1000 + i);

/** A detector that misses some garments, sees some that are none, and takes some for others of their type. */
interface Detector {
  readonly recall: number;
  readonly confusion: number;
  readonly falseFinds: number;
}

function foundIn(season: string, at: number, seed: number, detector: Detector): GarmentFacts[] {
  const random = drawn(seed * 10 + at * 2);
  const plan = planScenes({ season, at, scenes: SCENES, brands: ['A'], seed, shares: 'planned' });
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  return plan.flatMap(({ figures }, scene) => {
    const categories = figures.flat().flatMap(({ category }) => {
      if (random() > detector.recall) return [];
      const alike = GARMENT_CATEGORIES.filter(
        (other) => other !== category && GARMENT_TYPES[other] === GARMENT_TYPES[category],
      );
      return [random() < detector.confusion ? pick(alike) : category];
    });
    if (random() < detector.falseFinds) categories.push(pick(GARMENT_CATEGORIES));
    return categories.map((category) => ({
      photoId: `${season} ${scene}`,
      category,
      categoryType: GARMENT_TYPES[category],
      colorShares: null,
    }));
  });
}

function callsOf(seed: number, detector: Detector): string[] {
  const seasons = SEASONS.map((season, i) => foundIn(season, i / 2, seed, detector));
  return SEASONS.slice(1).flatMap((season, i) => {
    const before = { season: SEASONS[i] ?? '', garments: seasons[i] ?? [] };
    const now = seasons[i + 1] ?? [];
    const trends = trendsOf({ season, now, before, colors: [], minGarments: 30 });
    return trends.categories
      .filter(({ momentum }) => momentum !== null && momentum.direction !== 'UNCHANGED')
      .map(({ name, momentum }) => `${season} ${momentum?.direction} ${name}`)
      .sort();
  });
}

const DRAWN = [
  'FW2025 FALLING shorts',
  'FW2025 RISING trousers',
  'SS2026 FALLING dress',
  'SS2026 FALLING t-shirt',
  'SS2026 RISING coat',
  'SS2026 RISING jacket',
];

describe('the changes of drawn scenes, of twenty seeds', () => {
  test.each([
    ['is right', { recall: 1, confusion: 0, falseFinds: 0 }],
    ['is about as good as its AP50 has to be', { recall: 0.92, confusion: 0.15, falseFinds: 0.05 }],
  ])('are called, each and no other, where the detector %s', (_, detector) => {
    for (const seed of SEEDS) expect(callsOf(seed, detector)).toEqual(DRAWN);
  });

  test('may go unseen by a bad detector; others are made up no oftener than the correction allows', () => {
    const detector = { recall: 0.85, confusion: 0.3, falseFinds: 0.1 };
    const calls = SEEDS.map((seed) => callsOf(seed, detector));
    expect(calls.flat().length).toBeLessThan(SEEDS.length * DRAWN.length);
    // Two batches a seed, each with at most one false call in twenty.
    const wrong = calls.filter((called) => called.some((call) => !DRAWN.includes(call)));
    expect(wrong.length).toBeLessThanOrEqual(0.05 * 2 * SEEDS.length);
  });
});
