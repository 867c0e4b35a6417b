import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { holmAdjust } from '../../src/statistics/holm-correction.ts';
import { truth } from './truth.ts';

test.each(truth.holm)('agrees with statsmodels: $p', ({ p, adjusted }) => {
  const result = holmAdjust(p);
  for (const [index, value] of adjusted.entries()) expect(result[index]).toBeCloseTo(value, 12);
});

test('no comparisons, no p-values', () => {
  expect(holmAdjust([])).toEqual([]);
});

test('never smaller than the p-value, never larger than Bonferroni, and in the same order', () => {
  const pValue = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.array(pValue, { minLength: 1, maxLength: 40 }), (ps) => {
      const adjusted = holmAdjust(ps);
      for (const [i, p] of ps.entries()) {
        expect(adjusted[i]).toBeGreaterThanOrEqual(p);
        expect(adjusted[i]).toBeLessThanOrEqual(Math.min(1, p * ps.length));
        for (const [j, other] of ps.entries()) {
          if (p < other) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j] ?? 0);
        }
      }
    }),
  );
});
