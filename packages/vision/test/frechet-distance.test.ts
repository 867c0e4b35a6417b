import { describe, expect, test } from '@jest/globals';
import { frechetDistance, frechetDistanceOfMoments, momentsOf } from '../src/index.ts';
import { symmetricEigen } from '../src/symmetric-eigen.ts';
import { fixture, setA, setB } from './fixture.ts';

interface Truth {
  readonly frechet: number;
  readonly frechetRankDeficient: number;
  readonly eigenvalues: readonly number[];
}
const truth = fixture<Truth>('features.json');

describe('frechetDistance', () => {
  test('equals numpy and scipy’s sqrtm', () => {
    expect(frechetDistance(setA(), setB())).toBeCloseTo(truth.frechet, 11);
    expect(frechetDistance(setB(), setA())).toBeCloseTo(truth.frechet, 11);
  });

  test('needs no full rank: 5 rows of 8 values', () => {
    expect(frechetDistance(setA(5), setB())).toBeCloseTo(truth.frechetRankDeficient, 7);
  });

  test('has the closed form |a - b|^2 + d (1 - s)^2 for N(a, I) and N(b, s^2 I)', () => {
    const d = 12;
    const scaledIdentity = (scale: number) =>
      Float64Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? scale : 0));
    const one = {
      dimension: d,
      mean: new Float64Array(d).fill(0.5),
      covariance: scaledIdentity(1),
    };
    const other = { dimension: d, mean: new Float64Array(d), covariance: scaledIdentity(9) };
    expect(frechetDistanceOfMoments(one, other)).toBeCloseTo(d * 0.25 + d * 4, 10);
  });

  test('is 0 for a set and itself', () => {
    expect(frechetDistance(setA(), setA())).toBeCloseTo(0, 10);
  });

  test('needs two rows', () => {
    expect(() => momentsOf(setA(1))).toThrow('at least 2 rows of 8');
  });
});

describe('symmetricEigen', () => {
  test('finds numpy’s eigenvalues', () => {
    const { values } = symmetricEigen(momentsOf(setA()).covariance, 8);
    const sorted = [...values].sort((one, other) => one - other);
    for (const [i, value] of sorted.entries())
      expect(value).toBeCloseTo(truth.eigenvalues[i] ?? 0, 13);
  });

  test('its vectors are orthonormal and rebuild the matrix, of 60 x 60 with half the rank', () => {
    const n = 60;
    const rows = setB(30).values;
    const at = (k: number, i: number) => (rows[(k * 7 + i * 3) % rows.length] as number) - 0.5;
    const matrix = Float64Array.from({ length: n * n }, (_, i) => {
      const terms = Array.from({ length: 30 }, (__, k) => at(k, Math.floor(i / n)) * at(k, i % n));
      return terms.reduce((sum, term) => sum + term, 0);
    });
    const { values, vectors } = symmetricEigen(matrix, n);
    const entry = (i: number, k: number) => vectors[i * n + k] as number;
    for (const [i, j] of [
      [0, 0],
      [3, 17],
      [59, 59],
      [41, 2],
    ] as const) {
      let rebuilt = 0;
      let product = 0;
      for (let k = 0; k < n; k++) {
        rebuilt += entry(i, k) * (values[k] as number) * entry(j, k);
        product += entry(k, i) * entry(k, j);
      }
      expect(rebuilt).toBeCloseTo(matrix[i * n + j] as number, 10);
      expect(product).toBeCloseTo(i === j ? 1 : 0, 12);
    }
  });
});
