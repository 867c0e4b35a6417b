import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { wilsonInterval } from '../../src/statistics/wilson-interval.ts';
import { truth } from './truth.ts';

describe('agrees with statsmodels (first four: the examples of Newcombe 1998)', () => {
  test.each(truth.wilson)('$hits of $n', ({ hits, n, interval }) => {
    const { low, high } = wilsonInterval(hits / n, n);
    expect(low).toBeCloseTo(interval[0], 12);
    expect(high).toBeCloseTo(interval[1], 12);
  });
});

test('without garments nothing is known', () => {
  expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
});

test('stays inside [0, 1], holds the share, and has a width also at 0 and 1', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0.5, max: 1e7, noNaN: true }),
      (share, n) => {
        const { low, high } = wilsonInterval(share, n);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(share + 1e-12);
        expect(high).toBeGreaterThanOrEqual(share - 1e-12);
        expect(high - low).toBeGreaterThan(0);
      },
    ),
  );
});
