import { expect, test } from '@jest/globals';
import { createRandom, seedOf, shuffled } from '../src/index.ts';

test('a seed gives one stream, another seed another', () => {
  const stream = (seed: number) => Array.from({ length: 5 }, createRandom(seed));
  expect(stream(1)).toEqual(stream(1));
  expect(stream(1)).not.toEqual(stream(2));
});

test('values fill [0, 1) evenly', () => {
  const random = createRandom(7);
  const counts = new Array(10).fill(0);
  for (let i = 0; i < 20_000; i++) counts[Math.floor(random() * 10)]++;
  // 2000 +- 5 standard deviations of a binomial count.
  for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(5 * Math.sqrt(1800));
});

test('shuffling keeps the items, leaves the input, and reaches every order', () => {
  const items = [1, 2, 3];
  const random = createRandom(3);
  const orders = new Set(Array.from({ length: 200 }, () => shuffled(items, random).join('')));
  expect(orders.size).toBe(6);
  expect(items).toEqual([1, 2, 3]);
});

test('names make seeds that differ, also where their parts only move', () => {
  expect(seedOf('a', 'bc')).toBe(seedOf('a', 'bc'));
  expect(seedOf('a', 'bc')).not.toBe(seedOf('ab', 'c'));
  expect(seedOf(1, 2)).not.toBe(seedOf(12));
});
