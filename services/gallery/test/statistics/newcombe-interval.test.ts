import { expect, test } from '@jest/globals';
import { newcombeInterval } from '../../src/statistics/newcombe-interval.ts';
import { truth } from './truth.ts';

test.each(truth.twoProportions)(
  'agrees with statsmodels: $now against $before',
  ({ now, before, interval }) => {
    const { low, high } = newcombeInterval(
      { share: now[0] / now[1], n: now[1] },
      { share: before[0] / before[1], n: before[1] },
    );
    expect(low).toBeCloseTo(interval[0], 10);
    expect(high).toBeCloseTo(interval[1], 10);
  },
);

test('the paper: 56 of 70 against 48 of 80 is 0.0524 to 0.3339', () => {
  const { low, high } = newcombeInterval({ share: 56 / 70, n: 70 }, { share: 48 / 80, n: 80 });
  expect(low).toBeCloseTo(0.0524, 4);
  expect(high).toBeCloseTo(0.3339, 4);
});

test('exchanging the seasons mirrors the interval', () => {
  const winter = { share: 0.12, n: 310.5 };
  const summer = { share: 0.31, n: 78 };
  const there = newcombeInterval(winter, summer);
  const back = newcombeInterval(summer, winter);
  expect(there.low).toBeCloseTo(-back.high, 14);
  expect(there.high).toBeCloseTo(-back.low, 14);
});
