import { describe, expect, test } from '@jest/globals';
import { isTimeUp, type MeasuredProgress, measureWeights } from '../src/index.ts';
import { measureInterval } from '../src/measure-weights.ts';
import { machine, stoppedAt } from './machine.ts';

const STEPS = 40;
const START: MeasuredProgress = {
  step: 0,
  seconds: 0,
  firstDistance: null,
  lastDistance: null,
  best: null,
};

/** Forty steps, measured as a training of them is. */
async function train(
  on: ReturnType<typeof machine<MeasuredProgress>>,
  options: {
    readonly distance?: (step: number) => number;
    readonly maxSeconds?: number;
    readonly from?: MeasuredProgress;
    readonly checkpointSeconds?: number;
  } = {},
) {
  const { distance = (step) => 1 / (1 + step), maxSeconds = null, ...rest } = options;
  const measured: number[] = [];
  const until = (progress: MeasuredProgress) =>
    progress.step >= STEPS || isTimeUp(progress, { maxSeconds });
  const measuring = measureWeights<MeasuredProgress>({
    measure: async (step) => {
      measured.push(step);
      return distance(step);
    },
    everySteps: 10,
    stepsOf: () => STEPS,
    until,
  });
  const ended = await on.train({ from: START, until, callbacks: [measuring], ...rest });
  return { ...ended, measured };
}

describe('a training that is measured', () => {
  test('is so before its first step, every so many steps and after the last, each in a checkpoint', async () => {
    const on = machine<MeasuredProgress>();
    const { progress, measured } = await train(on);
    expect(measured).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40]);
    expect(on.saved.map(({ step }) => step)).toEqual(measured);
    expect(progress).toMatchObject({ firstDistance: 1, lastDistance: 1 / 41 });
  });

  test('keeps the step with the lowest distance of the second half, where the weights settle', async () => {
    const distances: Record<number, number> = { 0: 0, 10: 1, 15: 1, 25: 3, 35: 2, 40: 4 };
    const { progress } = await train(machine(), { distance: (step) => distances[step] ?? 9 });
    expect(progress.best).toEqual({ step: 35, distance: 2 });
  });

  test('keeps its last step where the time ends it early', async () => {
    const on = machine<MeasuredProgress>((step) => (step < 12 ? 1 : 50));
    const { progress } = await train(on, { maxSeconds: 100 });
    expect(progress).toMatchObject({ step: 14, best: { step: 14, distance: 1 / 15 } });
    expect(on.saved.at(-1)).toEqual(progress);
  });

  test.each([0, 4, 9, 10, 23, 39])(
    'stopped in step %i and resumed from its checkpoint equals one that was not',
    async (stopAt) => {
      const whole = await train(machine());
      const first = stoppedAt<MeasuredProgress>(stopAt);
      const begun = await train(first);
      const from = first.saved.at(-1) ?? START;
      const resumed = await train(machine(), { from });
      expect([...begun.measured, ...resumed.measured]).toEqual(whole.measured);
      expect(resumed.progress).toEqual(whole.progress);
    },
  );

  test('has a checkpoint in time between two measurements', async () => {
    const on = machine<MeasuredProgress>();
    await train(on, { checkpointSeconds: 3 });
    const steps = on.saved.map(({ step }) => step);
    const distances = steps.slice(1).map((step, i) => step - (steps[i] ?? 0));
    expect(Math.max(...distances)).toBeLessThanOrEqual(3);
  });
});

test('a short training is measured at least eight times, a long one every so many steps', () => {
  expect(measureInterval(250, 80)).toBe(10);
  expect(measureInterval(250, 6000)).toBe(250);
  expect(measureInterval(250, 1)).toBe(1);
});
