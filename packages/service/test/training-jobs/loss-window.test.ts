import { expect, test } from '@jest/globals';
import { createLossWindow } from '../../src/training-jobs/index.ts';

test('gives means since it was last emptied, and the speed of the steps alone', () => {
  let now = 50;
  const window = createLossWindow<{ a: number; b: number }>(() => now);
  expect([window.isEmpty(), window.seconds()]).toEqual([true, 0]);
  window.add({ a: 1, b: 10 }, 2);
  window.add({ a: 2, b: 30 }, 3);
  now = 60;
  expect([window.isEmpty(), window.seconds()]).toEqual([false, 10]);
  expect(window.take()).toEqual({ losses: { a: 1.5, b: 20 }, stepsPerSecond: 0.4 });
  expect([window.isEmpty(), window.seconds()]).toEqual([true, 0]);
  window.add({ a: 7, b: 8 }, 0.5);
  expect(window.take()).toEqual({ losses: { a: 7, b: 8 }, stepsPerSecond: 2 });
});
