import { describe, expect, test } from '@jest/globals';
import { clusteredShare, type Sample } from '../../src/statistics/clustered-share.ts';
import { wilsonInterval } from '../../src/statistics/wilson-interval.ts';
import { drawn } from '../drawn-numbers.ts';
import { relativeError, truth } from './truth.ts';

const single = (n: number): Sample => ({
  photoOf: Int32Array.from({ length: n }, (_, index) => index),
  photos: n,
});
const binary = (hits: number, n: number) =>
  Float64Array.from({ length: n }, (_, index) => (index < hits ? 1 : 0));

test.each(truth.clustered)(
  'the variance is the cluster-robust one of statsmodels (share $share)',
  ({ photoOf, values, share, variance }) => {
    const sample = { photoOf: Int32Array.from(photoOf), photos: Math.max(...photoOf) + 1 };
    const result = clusteredShare(Float64Array.from(values), sample);
    expect(relativeError(result.share, share)).toBeLessThan(1e-9);
    expect(relativeError(result.variance, variance)).toBeLessThan(1e-9);
  },
);

test('with one garment per photograph the effective size is the number of garments', () => {
  for (const hits of [1, 7, 50, 99]) {
    expect(clusteredShare(binary(hits, 100), single(100)).effectiveGarments).toBeCloseTo(100, 8);
  }
});

test('twins in each photograph count about once, not twice', () => {
  const photoOf = Int32Array.from({ length: 200 }, (_, index) => index >> 1);
  const result = clusteredShare(binary(60, 200), { photoOf, photos: 100 });
  expect(result.share).toBeCloseTo(0.3, 12);
  expect(result.effectiveGarments).toBeGreaterThan(97);
  expect(result.effectiveGarments).toBeLessThan(102);
});

test('garments that differ within each photograph promise no more than independent ones', () => {
  // Each photograph has one top and one bottom: the share of tops would have no variance at all.
  const photoOf = Int32Array.from({ length: 80 }, (_, index) => index >> 1);
  const tops = Float64Array.from({ length: 80 }, (_, index) => index & 1);
  const result = clusteredShare(tops, { photoOf, photos: 40 });
  expect(result.variance).toBeCloseTo(0.25 / 79, 12);
  expect(result.effectiveGarments).toBeLessThan(80);
});

describe('where the variance cannot be estimated, photographs count', () => {
  test.each([
    { name: 'share 0', values: binary(0, 9), photos: 3 },
    { name: 'share 1', values: binary(9, 9), photos: 3 },
    { name: 'all alike', values: new Float64Array(9).fill(0.3), photos: 3 },
    { name: 'one photograph', values: binary(4, 9), photos: 1 },
  ])('$name', ({ values, photos }) => {
    const photoOf = Int32Array.from({ length: 9 }, (_, index) => index % photos);
    expect(clusteredShare(values, { photoOf, photos }).effectiveGarments).toBe(photos);
  });

  test('no garments', () => {
    const none = clusteredShare(new Float64Array(0), single(0));
    expect(none).toMatchObject({ share: 0, variance: 0, effectiveGarments: 0 });
  });
});

/** 60 photographs of 1 to 4 garments; those of a photograph agree in two of three cases. True share 0.25. */
function drawnSeason(random: () => number): { values: Float64Array; sample: Sample } {
  const photos = 60;
  const garments = Array.from({ length: photos }, (_, photo) => {
    const theme = random() < 0.25 ? 1 : 0;
    const size = 1 + Math.floor(random() * 4);
    return Array.from({ length: size }, () => {
      const own = random() < 0.25 ? 1 : 0;
      return { photo, value: random() < 0.66 ? theme : own };
    });
  }).flat();
  return {
    values: Float64Array.from(garments, ({ value }) => value),
    sample: { photoOf: Int32Array.from(garments, ({ photo }) => photo), photos },
  };
}

test('the interval covers the true share in about 95 % of drawn seasons of correlated garments', () => {
  const random = drawn(7);
  const rounds = 2000;
  const covers = (share: number, n: number) => {
    const { low, high } = wilsonInterval(share, n);
    return low <= 0.25 && 0.25 <= high;
  };
  const results = Array.from({ length: rounds }, () => {
    const { values, sample } = drawnSeason(random);
    const { share, effectiveGarments } = clusteredShare(values, sample);
    return { covers: covers(share, effectiveGarments), naive: covers(share, values.length) };
  });
  const coverage = results.filter((result) => result.covers).length / rounds;
  expect(coverage).toBeGreaterThan(0.935);
  expect(coverage).toBeLessThan(0.975);
  // Without the photographs in mind it would be over-confident.
  expect(results.filter(({ naive }) => naive).length / rounds).toBeLessThan(0.9);
});
