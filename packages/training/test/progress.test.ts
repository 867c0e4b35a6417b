import { expect, test } from '@jest/globals';
import { describeProgress } from '../src/index.ts';

test.each([
  [2, '2.0 steps/s, 45 s left'],
  [6.26, '6.3 steps/s, 15 s left'],
  [0.5, '0.5 steps/s, 3 min left'],
  [0.01, '0.0 steps/s, 3 h left'],
  [Infinity, 'Infinity steps/s, 0 s left'],
])('at %s steps a second, 90 steps before the end: %s', (stepsPerSecond, speed) => {
  const line = describeProgress({ step: 10, steps: 100, stepsPerSecond }, ['loss 0.91']);
  expect(line).toBe(`step 10 of 100, loss 0.91, ${speed}`);
});
