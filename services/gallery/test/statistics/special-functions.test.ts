import { expect, test } from '@jest/globals';
import {
  logGamma,
  regularizedBeta,
  regularizedGammaQ,
} from '../../src/statistics/special-functions.ts';
import { relativeError } from './truth.ts';

test('the gamma function of whole numbers is the factorial', () => {
  let factorial = 1;
  for (let n = 1; n <= 20; n += 1) {
    expect(relativeError(Math.exp(logGamma(n)), factorial)).toBeLessThan(1e-13);
    factorial *= n;
  }
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13);
});

test('Q(1, x) is exp(-x), on both sides of the change of method', () => {
  for (const x of [0, 0.1, 1, 1.99, 2.01, 10, 100]) {
    expect(relativeError(regularizedGammaQ(1, x), Math.exp(-x))).toBeLessThan(1e-12);
  }
});

test('I_x(a, 1) is x^a and I_x(1, b) is 1 - (1 - x)^b', () => {
  for (const x of [0, 1e-6, 0.2, 0.5, 0.93, 1]) {
    for (const a of [0.5, 1, 3.7, 250]) {
      expect(regularizedBeta(x, a, 1)).toBeCloseTo(x ** a, 12);
      expect(regularizedBeta(x, 1, a)).toBeCloseTo(1 - (1 - x) ** a, 12);
    }
  }
});
