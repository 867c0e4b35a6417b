import { describe, expect, test } from '@jest/globals';
import { learningRateAt, progressAt, refitted, wholeSchedule } from '../src/training/schedule.ts';

const rates = { learningRate: 0.4, warmUpSteps: 4 };

describe('the learning rate', () => {
  test('rises in equal steps to nearly its largest', () => {
    const long = wholeSchedule(1e9);
    const rising = [0, 1, 2, 3, 4].map((step) => learningRateAt(step, long, rates));
    for (const [step, rate] of [0.1, 0.2, 0.3, 0.4, 0.4].entries())
      expect(rising[step]).toBeCloseTo(rate, 12);
  });

  test('is half its largest at half of the steps, and next to 0 in the last one', () => {
    const schedule = wholeSchedule(100);
    expect(learningRateAt(50, schedule, rates)).toBeCloseTo(0.2, 12);
    expect(learningRateAt(99, schedule, rates)).toBeLessThan(0.4 * 0.001);
    expect(learningRateAt(99, schedule, rates)).toBeGreaterThan(0);
  });
});

describe('a schedule that is fitted anew', () => {
  const schedule = wholeSchedule(100);
  const shorter = refitted(schedule, 40, 60);

  test('goes on where it was', () => {
    expect(learningRateAt(40, shorter, rates)).toBe(learningRateAt(40, schedule, rates));
  });

  test('runs through the rest of the cosine in the steps that are left', () => {
    expect(progressAt(shorter, 50)).toBeCloseTo(0.7, 12);
    expect(progressAt(shorter, 60)).toBe(1);
  });

  test('can be fitted once more', () => {
    const longer = refitted(shorter, 50, 80);
    expect(progressAt(longer, 50)).toBeCloseTo(0.7, 12);
    expect(progressAt(longer, 80)).toBe(1);
  });
});
