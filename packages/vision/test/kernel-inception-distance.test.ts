import { describe, expect, test } from '@jest/globals';
import { createRandom, type Features, kernelInceptionDistance } from '../src/index.ts';
import { fixture, setA, setB } from './fixture.ts';

const truth = fixture<{ kid: number; kidOf64And40: number }>('features.json');

/** Rows of independent standard normal values, moved by `mean`. */
function normal(count: number, dimension: number, mean: number, seed: number): Features {
  const random = createRandom(seed);
  const values = Float64Array.from({ length: count * dimension }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    return mean + radius * Math.cos(2 * Math.PI * random());
  });
  return { values, count, dimension };
}

describe('kernelInceptionDistance', () => {
  test('equals the estimator as written down with numpy, for sets of equal and of different size', () => {
    expect(kernelInceptionDistance(setA(), setB()).value).toBeCloseTo(truth.kid, 12);
    expect(kernelInceptionDistance(setA(), setB(40)).value).toBeCloseTo(truth.kidOf64And40, 12);
  });

  test('by hand: rows (0), (2) and (3), (5) in one dimension', () => {
    // Within 1^3 and 16^3; across the mean of 1, 1, 7^3 and 11^3, twice.
    const row = (...values: number[]) => ({
      values: Float64Array.from(values),
      count: 2,
      dimension: 1,
    });
    expect(kernelInceptionDistance(row(0, 2), row(3, 5)).value).toBe(1 + 4096 - 2 * 419);
  });

  test('is unbiased: about 0 for two samples of one distribution, at times below', () => {
    const values = Array.from({ length: 40 }, (_, i) => {
      return kernelInceptionDistance(normal(60, 4, 0, i), normal(60, 4, 0, 1000 + i)).value;
    });
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 39);
    expect(Math.abs(mean)).toBeLessThan((4 * spread) / Math.sqrt(values.length));
    expect(Math.min(...values)).toBeLessThan(0);
    expect(kernelInceptionDistance(normal(60, 4, 0, 1), normal(60, 4, 1, 2)).value).toBeGreaterThan(
      1,
    );
  });

  test('subsets: the seed decides, the mean agrees with all rows, of all rows it is the whole', () => {
    const options = { subsets: 40, subsetSize: 32, seed: 5 };
    const once = kernelInceptionDistance(setA(), setB(), options);
    expect(kernelInceptionDistance(setA(), setB(), options)).toEqual(once);
    expect(once.standardDeviation).toBeGreaterThan(0);
    expect(Math.abs(once.value - truth.kid)).toBeLessThan(once.standardDeviation);
    const whole = kernelInceptionDistance(setA(), setB(), { subsets: 1, subsetSize: 1000 });
    expect(whole.value).toBeCloseTo(truth.kid, 12);
  });
});
