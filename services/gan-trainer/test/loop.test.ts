import { describe, expect, test } from '@jest/globals';
import {
  type LoopPlan,
  type LoopPorts,
  measureInterval,
  type Position,
  runLoop,
  START,
} from '../src/training/loop.ts';

const PLAN: LoopPlan = {
  wantedSteps: 40,
  maxSeconds: 1e6,
  measureSteps: 10,
  checkpointSeconds: 1e6,
  progressSeconds: 5,
};

/** A machine whose steps take a second each and whose weights are the list of steps done. */
function machine(
  options: {
    readonly distance?: (step: number) => number;
    readonly secondsOf?: (step: number) => number;
    readonly onStep?: (step: number) => void;
  } = {},
) {
  let seconds = 0;
  const done: number[] = [];
  const saved: { position: Position; measured: number | null }[] = [];
  const reported: number[] = [];
  const ports: LoopPorts<{ readonly loss: number }> = {
    step: async (step) => {
      seconds += options.secondsOf?.(step) ?? 1;
      done.push(step);
      options.onStep?.(step);
      return { loss: step };
    },
    measure: async (step) => options.distance?.(step) ?? 1 / (1 + step),
    checkpoint: async (position, measured) => {
      saved.push({ position, measured });
    },
    progress: async ({ step, losses, stepsPerSecond }) => {
      reported.push(step);
      expect(stepsPerSecond).toBeCloseTo(1);
      // The mean of the losses since the last report: 0..4, 5..9, ...
      expect(losses.loss).toBe(step - 3);
    },
    now: () => seconds,
  };
  return { ports, done, saved, reported };
}

const never = new AbortController().signal;
const count = (steps: number) => Array.from({ length: steps }, (_, step) => step);

describe('the loop', () => {
  test('does every step once, in order, and measures before the first and after the last', async () => {
    const { ports, done, saved, reported } = machine();
    const { position } = await runLoop(PLAN, START, ports, never);
    expect(done).toEqual(count(40));
    const measured = saved.filter(({ measured }) => measured !== null);
    expect(measured.map(({ position }) => position.step)).toEqual(
      [0, 10, 15, 20, 25, 30, 35, 40].filter((step) => step === 0 || step % 5 === 0),
    );
    expect(position).toMatchObject({ step: 40, steps: 40, firstDistance: 1 });
    expect(reported).toEqual([5, 10, 15, 20, 25, 30, 35, 40]);
  });

  test('keeps the step with the lowest distance of the second half, where the weights settle', async () => {
    const distances: Record<number, number> = { 0: 0, 10: 1, 15: 1, 25: 3, 35: 2, 40: 4 };
    const { ports } = machine({ distance: (step) => distances[step] ?? 9 });
    const { position } = await runLoop(PLAN, START, ports, never);
    expect(position.best).toEqual({ step: 35, distance: 2 });
  });

  test('that is stopped early by the time keeps its last step', async () => {
    const { ports } = machine({ secondsOf: (step) => (step < 12 ? 1 : 100) });
    const loose = { ...PLAN, maxSeconds: 100, progressSeconds: 1e6 };
    const { position } = await runLoop(loose, START, ports, never);
    expect(position.best?.step).toBe(position.step);
    expect(position.step).toBeLessThan(20);
  });

  test('stopped at any step and resumed from its checkpoint equals one that was not', async () => {
    const whole = machine();
    const uninterrupted = await runLoop(PLAN, START, whole.ports, never);
    for (const stopAt of [0, 4, 9, 10, 23, 39]) {
      const stop = new AbortController();
      const first = machine({ onStep: (step) => step === stopAt && stop.abort() });
      const stopped = await runLoop(PLAN, START, first.ports, stop.signal);
      expect(stopped.interrupted).toBe(stopAt !== 39);
      const second = machine();
      const from = first.saved.at(-1)?.position ?? START;
      const resumed = await runLoop(PLAN, from, second.ports, never);
      expect([...first.done, ...second.done]).toEqual(count(40));
      expect({ ...resumed.position, seconds: 0 }).toEqual({
        ...uninterrupted.position,
        seconds: 0,
      });
    }
  });

  test('a checkpoint is saved in time between two measurements', async () => {
    const { ports, saved } = machine();
    await runLoop({ ...PLAN, checkpointSeconds: 3 }, START, ports, never);
    const steps = saved.map(({ position }) => position.step);
    for (const [index, step] of steps.slice(1).entries()) {
      expect(step - (steps[index] ?? 0)).toBeLessThanOrEqual(3);
    }
  });

  test('plans fewer steps where all of them would take too long, and counts earlier attempts', async () => {
    const { ports, done } = machine();
    const { position } = await runLoop({ ...PLAN, maxSeconds: 25 }, START, ports, never);
    expect(position.steps).toBeLessThan(25);
    expect(position.steps).toBeGreaterThan(18);
    expect(done).toHaveLength(position.steps ?? 0);
    const late: Position = { ...START, step: 30, steps: 40, seconds: 24.5, firstDistance: 1 };
    const rest = machine();
    await runLoop({ ...PLAN, maxSeconds: 25 }, late, rest.ports, never);
    expect(rest.done).toEqual([30]);
  });

  test('stops in time, measured, where the machine becomes slower than it was', async () => {
    const { ports, saved } = machine({ secondsOf: (step) => (step < 12 ? 1 : 50) });
    const loose = { ...PLAN, maxSeconds: 100, progressSeconds: 1e6 };
    const { position } = await runLoop(loose, START, ports, never);
    expect(position.step).toBe(14);
    expect(saved.at(-1)).toMatchObject({ position: { step: 14 }, measured: 1 / 15 });
  });
});

test('a short training is measured at least eight times, a long one every so many steps', () => {
  expect(measureInterval({ measureSteps: 250 }, 80)).toBe(10);
  expect(measureInterval({ measureSteps: 250 }, 6000)).toBe(250);
  expect(measureInterval({ measureSteps: 250 }, 1)).toBe(1);
});
