import { describe, expect, test } from '@jest/globals';
import { type LoopPlan, type Position, runLoop, START } from '../src/training/loop.ts';

const plan: LoopPlan = {
  wantedSteps: 20,
  maxSeconds: null,
  learningRate: 1,
  warmUpSteps: 1,
  checkpointSeconds: 1000,
  progressSeconds: 1000,
};

/** A machine that takes so long for each step, by a clock of its own. */
function machine(secondsOf: (step: number) => number = () => 1) {
  let now = 500;
  const stopping = new AbortController();
  const steps: number[] = [];
  const rates: number[] = [];
  const saved: Position[] = [];
  const reports: { step: number; steps: number; losses: { loss: number } }[] = [];
  const ports = {
    step: async (step: number, learningRate: number) => {
      now += secondsOf(step);
      steps.push(step);
      rates.push(learningRate);
      return { loss: step };
    },
    checkpoint: async (position: Position) => {
      saved.push(position);
    },
    progress: async (progress: (typeof reports)[number]) => {
      reports.push(progress);
    },
    now: () => now,
    startedAt: now,
  };
  return { ports, steps, rates, saved, reports, stopping, signal: stopping.signal };
}

describe('a training without a limit', () => {
  test('does the steps that are wanted, each once and in order, and saves its end', async () => {
    const { ports, steps, saved, signal } = machine();
    const { position, interrupted } = await runLoop(plan, START, ports, signal);
    expect(steps).toEqual(Array.from({ length: 20 }, (_, step) => step));
    expect(position).toMatchObject({ step: 20, seconds: 20 });
    expect([interrupted, saved.at(-1)?.step]).toEqual([false, 20]);
  });

  test('saves as often as it was told to', async () => {
    const { ports, saved, signal } = machine();
    await runLoop({ ...plan, checkpointSeconds: 6 }, START, ports, signal);
    expect(saved.map(({ step }) => step)).toEqual([6, 12, 18, 20]);
  });

  test('reports means of the losses since the report before, and the last steps too', async () => {
    const { ports, reports, signal } = machine();
    await runLoop({ ...plan, progressSeconds: 8 }, START, ports, signal);
    expect(reports.map(({ step, losses }) => [step, losses.loss])).toEqual([
      [8, 3.5],
      [16, 11.5],
      [20, 17.5],
    ]);
  });

  test('saves where it is when it is told to stop, and goes on from there with the same rates', async () => {
    const whole = machine();
    await runLoop(plan, START, whole.ports, whole.signal);
    const first = machine((step) => {
      if (step === 6) first.stopping.abort();
      return 1;
    });
    const stopped = await runLoop(plan, START, first.ports, first.signal);
    expect(stopped).toMatchObject({ interrupted: true, position: { step: 7, seconds: 7 } });
    const second = machine();
    const ended = await runLoop(plan, stopped.position, second.ports, second.signal);
    expect([...first.steps, ...second.steps]).toEqual(whole.steps);
    expect([...first.rates, ...second.rates]).toEqual(whole.rates);
    expect(ended.position.seconds).toBe(20);
  });
});

describe('a training bounded in time', () => {
  const bounded = { ...plan, wantedSteps: 1000, maxSeconds: 100 };

  test('fits its schedule to a speed that does not suffice and saves it at once', async () => {
    const { ports, saved, signal } = machine();
    const { position } = await runLoop(bounded, START, ports, signal);
    expect(saved[0]).toMatchObject({ step: 8, schedule: { steps: 97, fromStep: 8 } });
    expect(position.step).toBe(97);
  });

  test('does not let slow first steps mislead it', async () => {
    const { ports, saved, signal } = machine((step) => (step < 2 ? 10 : 1));
    await runLoop(bounded, START, ports, signal);
    // 20 seconds for two steps, then 77 steps in the 77 seconds that are left.
    expect(saved[0]?.schedule?.steps).toBe(2 + 77);
  });

  test('ends at the latest when the time is up, its rate down to nearly nothing, where the machine becomes slower', async () => {
    const { ports, rates, signal } = machine((step) => (step < 40 ? 1 : 2.5));
    const { position } = await runLoop(bounded, START, ports, signal);
    expect(position.seconds).toBeLessThanOrEqual(100 + 2.5);
    expect(position.step).toBeLessThan(70);
    expect(rates.at(-1)).toBeLessThan(0.02);
  });

  test('does no more than is wanted on a fast machine', async () => {
    const { ports, signal } = machine(() => 0.01);
    const { position } = await runLoop(bounded, START, ports, signal);
    expect(position.step).toBe(1000);
  });

  test('has the rates of a training without a limit where the time suffices, however fast the machine is', async () => {
    const free = machine();
    await runLoop({ ...plan, wantedSteps: 70 }, START, free.ports, free.signal);
    for (const speed of [0.01, 0.7, 1.3]) {
      const { ports, rates, signal } = machine(() => speed);
      await runLoop({ ...bounded, wantedSteps: 70 }, START, ports, signal);
      expect(rates).toEqual(free.rates);
    }
  });

  test('keeps to its plan through a hiccup that leaves time enough', async () => {
    const { ports, saved, signal } = machine((step) => (step >= 20 && step < 24 ? 5 : 1));
    const { position } = await runLoop({ ...bounded, wantedSteps: 70 }, START, ports, signal);
    expect(position).toMatchObject({ step: 70, schedule: { steps: 70, fromStep: 0 } });
    expect(saved).toHaveLength(1);
  });

  test('gives up its plan where the machine stays too slow for it', async () => {
    const { ports, rates, signal } = machine((step) => (step < 20 ? 1 : 2));
    const { position } = await runLoop({ ...bounded, wantedSteps: 70 }, START, ports, signal);
    expect(position.step).toBeLessThan(20 + 40);
    expect(position.seconds).toBeLessThanOrEqual(100 + 2);
    expect(rates.at(-1)).toBeLessThan(0.02);
  });

  test('interrupted in its first steps, it goes on with the same rates', async () => {
    const whole = machine();
    const wanted = { ...bounded, wantedSteps: 70 };
    await runLoop(wanted, START, whole.ports, whole.signal);
    const first = machine((step) => {
      if (step === 4) first.stopping.abort();
      return 1;
    });
    const { position } = await runLoop(wanted, START, first.ports, first.signal);
    const second = machine();
    await runLoop(wanted, position, second.ports, second.signal);
    expect([...first.rates, ...second.rates]).toEqual(whole.rates);
  });

  test('keeps the plan of its checkpoint', async () => {
    const first = machine((step) => {
      if (step === 13) first.stopping.abort();
      return 1;
    });
    const { position } = await runLoop(bounded, START, first.ports, first.signal);
    const second = machine();
    const ended = await runLoop(bounded, position, second.ports, second.signal);
    expect(ended.position.schedule).toEqual(position.schedule);
    expect(ended.position.step).toBe(97);
  });

  test('counts the time before the first step', async () => {
    const { ports, signal } = machine();
    const compiled = { ...ports, startedAt: ports.startedAt - 50 };
    expect((await runLoop(bounded, START, compiled, signal)).position.step).toBe(47);
  });
});
