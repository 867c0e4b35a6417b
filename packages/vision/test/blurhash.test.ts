import { describe, expect, test } from '@jest/globals';
import { encodeBlurhash } from '../src/index.ts';
import { drawn } from './fixture.ts';

const gradient = (width: number, height: number) =>
  drawn(width, height, (x, y) => [(x * 8) % 256, (y * 10) % 256, ((x + y) * 4) % 256]);
const checks = drawn(16, 20, (x, y) => (((x >> 2) + (y >> 2)) % 2 ? [255, 255, 255] : [0, 0, 0]));
const plain = drawn(8, 8, () => [200, 30, 90]);

describe('encodeBlurhash', () => {
  // Made with the reference in C (blurhash-python 1.2.2). The npm package differs where the largest term is negative.
  test.each([
    ['a gradient', gradient(32, 24), 4, 3, 'LxH27b2kwzX5mAWYjuf7gKfkfQfj'],
    ['checks', checks, 3, 4, 'T9Lqe9xufQ_3offQfQ00fQ_3offQ'],
    ['one term', gradient(7, 5), 1, 1, '003IIz'],
    ['one color', plain, 4, 3, 'LNM^#v|zfQ|z|zsVfQsVfQfQfQfQ'],
    [
      'most terms',
      gradient(32, 24),
      9,
      9,
      '|xH27b2kwzX5a{oeWoofWnmAWYjuf7fRf6fRf6fRgKfkfQfjfQfjfQfjfQn+WojtfQfQfQfQfQfQe:fRfQfQfQfQfQfQfQofWojtfQfQfQfQfQfQe.fRfQfQfQfQfQfQfQofWojtfQfQfQfQfQfQeofRfQfQfQfQfQfQfQ',
    ],
  ])('gives the reference’s text for %s', (_, image, xTerms, yTerms, expected) => {
    expect(encodeBlurhash(image, xTerms, yTerms)).toBe(expected);
  });

  test.each([
    [0, 3],
    [4, 10],
    [2.5, 3],
  ])('refuses %d x %d terms', (xTerms, yTerms) => {
    expect(() => encodeBlurhash(plain, xTerms, yTerms)).toThrow('whole numbers 1..9');
  });
});
