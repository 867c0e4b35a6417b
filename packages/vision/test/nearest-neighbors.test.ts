import { describe, expect, test } from '@jest/globals';
import { nearestNeighbors, precisionRecall } from '../src/index.ts';
import { fixture, setA, setB } from './fixture.ts';

interface Truth {
  readonly neighbors: readonly (readonly number[])[];
  readonly neighborDistances: readonly (readonly number[])[];
  readonly precision: number;
  readonly recall: number;
}
const truth = fixture<Truth>('features.json');

describe('nearestNeighbors', () => {
  test('finds numpy’s neighbors and distances, nearest first', () => {
    const found = nearestNeighbors(setB(3), setA(), 3);
    expect(found.map((row) => row.map(({ index }) => index))).toEqual(truth.neighbors);
    for (const [i, row] of found.entries()) {
      for (const [j, { distance }] of row.entries()) {
        expect(distance).toBeCloseTo(truth.neighborDistances[i]?.[j] ?? 0, 12);
      }
    }
  });

  test('a copied row is found at distance 0; of equal ones the first comes first', () => {
    const values = Float32Array.of(1, 2, 1, 2, 9, 9);
    const references = { values, count: 3, dimension: 2 };
    const [found] = nearestNeighbors(
      { ...references, values: values.slice(0, 2), count: 1 },
      references,
      2,
    );
    expect(found).toEqual([
      { index: 0, distance: 0 },
      { index: 1, distance: 0 },
    ]);
  });

  test('gives all references where more are asked for', () => {
    const [found] = nearestNeighbors(setB(1), setA(5), 9);
    expect(found?.map(({ index }) => index).sort()).toEqual([0, 1, 2, 3, 4]);
  });

  test.each([0, 1.5])('refuses k = %d', (k) => {
    expect(() => nearestNeighbors(setB(), setA(), k)).toThrow('k from 1 up');
  });
});

describe('precisionRecall', () => {
  test('equals the definition as written down with numpy', () => {
    expect(precisionRecall(setA(), setB())).toEqual({
      precision: truth.precision,
      recall: truth.recall,
    });
  });

  test('one repeated believable image: precise, and covers next to nothing', () => {
    const real = setA();
    const values = Float64Array.from({ length: 64 * 8 }, (_, i) => real.values[i % 8] ?? 0);
    const { precision, recall } = precisionRecall(real, { values, count: 64, dimension: 8 });
    expect(precision).toBe(1);
    expect(recall).toBe(1 / 64);
  });
});
