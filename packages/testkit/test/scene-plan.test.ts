import { describe, expect, test } from '@jest/globals';
import { GARMENT_TYPES, type GarmentCategory } from '../src/index.ts';
import { planScenes } from '../src/scenes/scene-plan.ts';

const SEASONS = ['SS2025', 'FW2025', 'SS2026'];

function planned(seed: number, scenes: number, shares: 'planned' | 'even' = 'planned') {
  return SEASONS.map((season, i) =>
    planScenes({ season, at: i / 2, scenes, brands: ['A', 'B', 'C'], seed, shares }),
  );
}

const garmentsOf = (scenes: ReturnType<typeof planScenes>) =>
  scenes.flatMap(({ figures }) => figures.flat());
const countOf = (scenes: ReturnType<typeof planScenes>, category: GarmentCategory) =>
  garmentsOf(scenes).filter((garment) => garment.category === category).length;

describe('the plan of three seasons', () => {
  test.each([60, 120, 171])(
    'of %i scenes each keeps what is unchanged to the garment',
    (scenes) => {
      const seasons = planned(1, scenes);
      const counts = (category: GarmentCategory) => seasons.map((one) => countOf(one, category));
      for (const category of ['shirt', 'skirt'] as const)
        expect(new Set(counts(category)).size).toBe(1);
      const [first, second, third] = counts('trousers') as [number, number, number];
      expect(second).toBe(third);
      expect(second).toBeGreaterThan(first);
    },
  );

  test('moves shares by ten points and more, or not at all', () => {
    const seasons = planned(2, 200);
    const total = seasons.map((scenes) => garmentsOf(scenes).length);
    for (const category of Object.keys(GARMENT_TYPES) as GarmentCategory[]) {
      const shares = seasons.map((scenes, i) => countOf(scenes, category) / (total[i] ?? 1));
      for (const i of [1, 2]) {
        const change = Math.abs((shares[i] ?? 0) - (shares[i - 1] ?? 0));
        expect(change === 0 || change > 0.1).toBe(true);
      }
    }
  });

  test('dresses each figure in one full garment, or in a lower and an upper one', () => {
    for (const { figures } of planned(3, 100).flat()) {
      for (const outfit of figures) {
        const types = outfit.map(({ category }) => GARMENT_TYPES[category]);
        expect([['full'], ['lower', 'upper']]).toContainEqual(types);
      }
    }
  });

  test('gives 250 garments and more to a season of 120 scenes, and the same to each', () => {
    const counts = planned(4, 120).map((scenes) => garmentsOf(scenes).length);
    expect(new Set(counts).size).toBe(1);
    expect(counts[0]).toBeGreaterThanOrEqual(250);
  });

  test('deals the brands evenly and independent of what is worn', () => {
    for (const scenes of planned(5, 90)) {
      for (const brand of ['A', 'B', 'C'])
        expect(scenes.filter((scene) => scene.brand === brand)).toHaveLength(30);
    }
  });

  test('even shares have every category alike in every season', () => {
    for (const scenes of planned(6, 100, 'even')) {
      const counts = Object.keys(GARMENT_TYPES).map((name) =>
        countOf(scenes, name as GarmentCategory),
      );
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }
  });
});
