import { schedules } from '@deepstyle/engine';
import { describeProgress } from '@deepstyle/training';
import { describe, expect, test } from '@jest/globals';
import { learningRateAt } from '../src/training/hyperparameters.ts';
import { detailsOf } from '../src/training/train-network.ts';

test('a training says where it is, its losses, its speed and the time left', () => {
  const losses = { objectness: 0.1234, rpnBox: 0.02, classification: 1.5, box: 0 };
  expect(describeProgress({ step: 10, steps: 100, stepsPerSecond: 2 }, detailsOf(losses))).toBe(
    'step 10 of 100, losses objectness 0.123 RPN box 0.020 classification 1.500 box 0.000, 2.0 steps/s, 45 s left',
  );
});

describe('the learning rate', () => {
  const rates = { learningRate: 0.4, warmUpSteps: 4 };

  test('rises in equal steps to nearly its largest', () => {
    const long = schedules.wholeCourse(1e9);
    const rising = [0, 1, 2, 3, 4].map((step) => learningRateAt(step, long, rates));
    for (const [step, rate] of [0.1, 0.2, 0.3, 0.4, 0.4].entries())
      expect(rising[step]).toBeCloseTo(rate, 12);
  });

  test('is half its largest at half of the steps, and next to 0 in the last one', () => {
    const course = schedules.wholeCourse(100);
    expect(learningRateAt(50, course, rates)).toBeCloseTo(0.2, 12);
    expect(learningRateAt(99, course, rates)).toBeLessThan(0.4 * 0.001);
    expect(learningRateAt(99, course, rates)).toBeGreaterThan(0);
  });

  test('goes on where it was when its course is fitted anew', () => {
    const course = schedules.wholeCourse(100);
    const shorter = schedules.refitted(course, 40, 60);
    expect(learningRateAt(40, shorter, rates)).toBe(learningRateAt(40, course, rates));
  });
});
