import { expect, test } from '@jest/globals';
import { clusteredShare } from '../../src/statistics/clustered-share.ts';
import { welchTest } from '../../src/statistics/welch-test.ts';
import { relativeError, truth } from './truth.ts';

/** One garment per photograph: the design-based variance is s² / n. */
function meanOf(values: number[]) {
  const photoOf = Int32Array.from(values, (_, index) => index);
  const { share, variance } = clusteredShare(Float64Array.from(values), {
    photoOf,
    photos: values.length,
  });
  return { mean: share, variance, degrees: values.length - 1 };
}

test.each(truth.welch)('agrees with scipy (p = $p)', ({ now, before, p, interval }) => {
  const result = welchTest(meanOf(now), meanOf(before));
  expect(relativeError(result.p, p)).toBeLessThan(1e-8);
  expect(result.interval.low).toBeCloseTo(interval[0], 10);
  expect(result.interval.high).toBeCloseTo(interval[1], 10);
});

test('two constants hold no measure of chance, so nothing is called', () => {
  const constant = { mean: 0.2, variance: 0, degrees: 40 };
  expect(welchTest(constant, { ...constant, mean: 0.4 }).p).toBe(1);
});
