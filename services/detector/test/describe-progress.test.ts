import { expect, test } from '@jest/globals';
import { describeProgress } from '../src/describe-progress.ts';

test('a training says where it is, its losses, its speed and the time left', () => {
  const losses = { objectness: 0.1234, rpnBox: 0.02, classification: 1.5, box: 0 };
  expect(describeProgress({ step: 10, steps: 100, losses, stepsPerSecond: 2 })).toBe(
    'training: step 10 of 100, losses objectness 0.123 RPN box 0.020 classification 1.500 box 0.000, 2.0 steps/s, 45 s left',
  );
});
