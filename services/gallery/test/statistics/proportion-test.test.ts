import { expect, test } from '@jest/globals';
import { proportionTestP } from '../../src/statistics/proportion-test.ts';
import { relativeError, truth } from './truth.ts';

const proportion = ([hits, n]: readonly [number, number]) => ({ share: hits / n, n });
const leastExpected = ([x1, n1]: readonly [number, number], [x2, n2]: readonly [number, number]) =>
  (Math.min(x1 + x2, n1 + n2 - x1 - x2) * Math.min(n1, n2)) / (n1 + n2);

test.each(truth.twoProportions)(
  'the score test, or Fisher where a cell expects fewer than 5: $now against $before',
  ({ now, before, scoreP, fisherP }) => {
    const expected = leastExpected(now, before) < 5 ? fisherP : scoreP;
    const p = proportionTestP(proportion(now), proportion(before));
    expect(relativeError(p, expected)).toBeLessThan(1e-8);
  },
);

test('the truth above covers both tests', () => {
  const small = truth.twoProportions.map(({ now, before }) => leastExpected(now, before) < 5);
  expect(new Set(small).size).toBe(2);
});

test('a category that all or none have cannot differ', () => {
  expect(proportionTestP({ share: 0, n: 50 }, { share: 0, n: 40 })).toBe(1);
  expect(proportionTestP({ share: 1, n: 50 }, { share: 1, n: 40 })).toBe(1);
  expect(proportionTestP({ share: 0.5, n: 0 }, { share: 0.1, n: 40 })).toBe(1);
});

test('half the effective garments are weaker evidence', () => {
  const strong = proportionTestP({ share: 0.3, n: 400 }, { share: 0.2, n: 400 });
  const weak = proportionTestP({ share: 0.3, n: 200 }, { share: 0.2, n: 200 });
  expect(strong).toBeLessThan(0.002);
  expect(weak).toBeGreaterThan(0.01);
});
