import { describe, expect, test } from '@jest/globals';
import { type Candidate, curate } from '../src/curation.ts';
import { drawn } from './drawn-numbers.ts';

const D = 16;
type Named = Candidate & { readonly name: string };

function candidate(name: string, fill: number | number[], more: Partial<Candidate> = {}): Named {
  const features = Float32Array.from({ length: D }, (_, i) =>
    typeof fill === 'number' ? fill : (fill[i % fill.length] ?? 0),
  );
  return { name, imageSha256: name, realism: 0, garmentDistances: [3, 4, 5], features, ...more };
}

const names = (chosen: readonly Named[]) => chosen.map(({ name }) => name);

describe('left out are', () => {
  test('designs that repeat a training garment: almost its pixels, or far nearer to it than to the next', () => {
    const candidates = [
      candidate('pixels', 0.9, { garmentDistances: [0.03 * Math.sqrt(D), 0.1] }),
      candidate('ratio', -0.9, { garmentDistances: [1, 3.1, 3.2] }),
      candidate('own', 0, { garmentDistances: [1.1, 3, 3] }),
      candidate('no neighbors known', 0.5, { garmentDistances: [] }),
    ];
    const { chosen, memorized } = curate(candidates, 4);
    expect(names(chosen).sort()).toEqual(['no neighbors known', 'own']);
    expect(memorized).toBe(2);
  });

  test('identical images', () => {
    const twin = candidate('a', 0.1);
    expect(curate([twin, { ...twin, name: 'b' }], 5)).toMatchObject({ duplicates: 1 });
    expect(curate([twin, { ...twin, name: 'b' }], 5).chosen).toHaveLength(1);
  });
});

test('near-duplicates of a better design come last, only where the others do not fill the collection', () => {
  const candidates = [
    candidate('best', 0, { realism: 9 }),
    candidate('like best', 0.01, { realism: 8 }),
    candidate('worst', 0.8, { realism: 1 }),
  ];
  expect(names(curate(candidates, 2).chosen)).toEqual(['best', 'worst']);
  expect(names(curate(candidates, 3).chosen)).toEqual(['best', 'worst', 'like best']);
});

test('the most realistic design opens the collection, and a different one goes before a similar one', () => {
  const candidates = [
    candidate('best', [0, 0], { realism: 10 }),
    candidate('similar', [0.1, 0], { realism: 6 }),
    candidate('other', [-0.9, 0.9], { realism: 5 }),
    candidate('poor', [0.5, 0.2], { realism: 0 }),
  ];
  expect(names(curate(candidates, 3).chosen).slice(0, 2)).toEqual(['best', 'other']);
});

test('fewer candidates than wanted still give a collection, and none gives an empty one', () => {
  expect(curate([candidate('only', 0)], 64).chosen).toHaveLength(1);
  expect(curate([], 64)).toEqual({ chosen: [], memorized: 0, duplicates: 0 });
});

test('of many candidates exactly as many are chosen as wanted, the same ones every time', () => {
  const random = drawn(5);
  const candidates = Array.from({ length: 128 }, (_, index) => {
    const fill = Array.from({ length: D }, () => 2 * random() - 1);
    return candidate(`design ${index}`, fill, { realism: random() });
  });
  const { chosen } = curate(candidates, 64);
  expect(new Set(names(chosen)).size).toBe(64);
  expect(names(curate(candidates, 64).chosen)).toEqual(names(chosen));
  const mean = (ones: readonly Named[]) =>
    ones.reduce((sum, { realism }) => sum + realism, 0) / ones.length;
  expect(mean(chosen)).toBeGreaterThan(mean(candidates));
});
