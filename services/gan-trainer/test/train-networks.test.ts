import { describeProgress } from '@deepstyle/training';
import { expect, test } from '@jest/globals';
import { detailsOf, START } from '../src/training/train-networks.ts';

test('a training says its step, losses, best distance, speed and time left', () => {
  const progress = { ...START, firstDistance: 0.088, lastDistance: 0.0123 };
  const details = detailsOf({ discriminatorLoss: 0.912, generatorLoss: 2.1 }, progress);
  expect(describeProgress({ step: 400, steps: 2400, stepsPerSecond: 6.25 }, details)).toBe(
    'step 400 of 2400, loss D 0.91 G 2.10, KID 0.012 (0.088 at first), 6.3 steps/s, 6 min left',
  );
});
