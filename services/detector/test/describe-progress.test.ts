import { expect, test } from '@jest/globals';
import { describeProgress } from '../src/describe-progress.ts';

test.each([
  [2, '45 s left'],
  [0.5, '3 min left'],
  [0.01, '3 h left'],
])('a training at %s steps a second says where it is and when it ends', (stepsPerSecond, left) => {
  const losses = { objectness: 0.1234, rpnBox: 0.02, classification: 1.5, box: 0 };
  const line = describeProgress({ step: 10, steps: 100, losses, stepsPerSecond });
  expect(line).toBe(
    `training: step 10 of 100, losses objectness 0.123 RPN box 0.020 classification 1.500 box 0.000, ${stepsPerSecond.toFixed(1)} steps/s, ${left}`,
  );
});
