import { describe, expect, test } from '@jest/globals';
import {
  normalTwoSidedP,
  studentQuantile95,
  studentTwoSidedP,
} from '../../src/statistics/distributions.ts';
import { relativeError, truth } from './truth.ts';

const { normal, student, quantile } = truth.distributions;

describe('distributions agree with scipy, far into the tails', () => {
  test.each(normal)('normal, z = $z', ({ z, p }) => {
    expect(relativeError(normalTwoSidedP(z), p)).toBeLessThan(1e-11);
  });

  test.each(student)('Student, t = $t, df = $df', ({ t, df, p }) => {
    expect(relativeError(studentTwoSidedP(t, df), p)).toBeLessThan(1e-9);
  });

  test.each(quantile)('97.5 % quantile of Student, df = $df', ({ df, t }) => {
    expect(relativeError(studentQuantile95(df), t)).toBeLessThan(1e-9);
  });
});

test('with endless degrees of freedom the quantile is that of the normal distribution', () => {
  expect(studentQuantile95(Number.POSITIVE_INFINITY)).toBeCloseTo(1.959963984540054, 12);
});
