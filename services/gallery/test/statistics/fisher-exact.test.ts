import { expect, test } from '@jest/globals';
import { fisherExactP } from '../../src/statistics/fisher-exact.ts';
import { relativeError, truth } from './truth.ts';

test.each(truth.fisher)('agrees with scipy: $now against $before', ({ now, before, p }) => {
  expect(relativeError(fisherExactP(...now, ...before), p)).toBeLessThan(1e-8);
});

test("Fisher's tea: 3 of 4 cups right on both sides is p = 0.486", () => {
  expect(fisherExactP(3, 4, 1, 4)).toBeCloseTo(34 / 70, 12);
});
