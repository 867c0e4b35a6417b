import { expect, test } from '@jest/globals';
import { createLossWindow, lossCurve } from '../src/loss-curve.ts';
import { machine } from './machine.ts';

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

test('a curve has the means since the point before, and the last steps too', async () => {
  const points: unknown[] = [];
  const { now, train } = machine();
  const curve = lossCurve<{ step: number; seconds: number }, { loss: number }>({
    everySeconds: 8,
    stepsOf: () => 20,
    report: async (point) => {
      points.push(point);
    },
    now,
  });
  await train({ callbacks: [curve] });
  expect(points).toEqual([
    { step: 8, steps: 20, losses: { loss: 3.5 }, stepsPerSecond: 1 },
    { step: 16, steps: 20, losses: { loss: 11.5 }, stepsPerSecond: 1 },
    { step: 20, steps: 20, losses: { loss: 17.5 }, stepsPerSecond: 1 },
  ]);
});
