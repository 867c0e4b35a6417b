import { schedules } from '@deepstyle/engine';
import { describe, expect, test } from '@jest/globals';
import { fixSteps, isTimeUp, type Progress, refitCourse, type TimeLimit } from '../src/index.ts';
import { count, machine, START, stoppedAt } from './machine.ts';

type Scheduled = Progress & { readonly schedule: schedules.Course };
type Counted = Progress & { readonly steps: number | null };

const RESERVE = 0.03;
const BOUNDED: TimeLimit = { wantedSteps: 1000, maxSeconds: 100, reserve: RESERVE };
const ENOUGH: TimeLimit = { ...BOUNDED, wantedSteps: 70 };

/** Trains and notes the course of each step, from which its learning rate follows. */
async function train(
  limit: TimeLimit,
  on: ReturnType<typeof machine<Scheduled>>,
  change: { from?: Scheduled; before?: number } = {},
) {
  const progresses: number[] = [];
  const noting = {
    afterStep: ({ step, schedule }: Scheduled) => {
      progresses.push(schedules.progressAt(schedule, step - 1));
      return undefined;
    },
  };
  const { progress } = await on.train({
    from: { ...START, schedule: schedules.wholeCourse(limit.wantedSteps) },
    until: (progress) => progress.step >= progress.schedule.steps || isTimeUp(progress, limit),
    callbacks: [noting, refitCourse<Scheduled>(limit)],
    ...change,
  });
  return { progress, progresses };
}

describe('a course that is fitted anew', () => {
  test('is fitted to a speed that does not suffice, and saved at once', async () => {
    const on = machine<Scheduled>();
    const { progress } = await train(BOUNDED, on);
    expect(on.saved[0]).toMatchObject({ step: 8, schedule: { steps: 97, fromStep: 8 } });
    expect(progress.step).toBe(97);
  });

  test('is not misled by slow first steps', async () => {
    const on = machine<Scheduled>((step) => (step < 2 ? 10 : 1));
    await train(BOUNDED, on);
    // 20 seconds for two steps, then 77 steps in the 77 seconds that are left.
    expect(on.saved[0]?.schedule.steps).toBe(2 + 77);
  });

  test('ends at the latest when the time is up, nearly done, where the machine becomes slower', async () => {
    const { progress, progresses } = await train(
      BOUNDED,
      machine((step) => (step < 40 ? 1 : 2.5)),
    );
    expect(progress.seconds).toBeLessThanOrEqual(100 + 2.5);
    expect(progress.step).toBeLessThan(70);
    expect(schedules.cosineDecay(progresses.at(-1) ?? 0)).toBeLessThan(0.02);
  });

  test('does no more than is wanted on a fast machine', async () => {
    const { progress } = await train(
      BOUNDED,
      machine(() => 0.01),
    );
    expect(progress.step).toBe(1000);
  });

  test('is that of a training without a limit where the time suffices, however fast the machine is', async () => {
    const free = await train({ ...ENOUGH, maxSeconds: null }, machine());
    expect(free.progresses).toHaveLength(70);
    for (const speed of [0.01, 0.7, 1.3]) {
      const { progresses } = await train(
        ENOUGH,
        machine(() => speed),
      );
      expect(progresses).toEqual(free.progresses);
    }
  });

  test('stays through a hiccup that leaves time enough', async () => {
    const on = machine<Scheduled>((step) => (step >= 20 && step < 24 ? 5 : 1));
    const { progress } = await train(ENOUGH, on);
    expect(progress).toMatchObject({ step: 70, schedule: { steps: 70, fromStep: 0 } });
    expect(on.saved).toHaveLength(1);
  });

  test('is given up where the machine stays too slow for it', async () => {
    const { progress, progresses } = await train(
      ENOUGH,
      machine((step) => (step < 20 ? 1 : 2)),
    );
    expect(progress.step).toBeLessThan(20 + 40);
    expect(progress.seconds).toBeLessThanOrEqual(100 + 2);
    expect(schedules.cosineDecay(progresses.at(-1) ?? 0)).toBeLessThan(0.02);
  });

  test('is the same where the training is interrupted in its first steps', async () => {
    const whole = await train(ENOUGH, machine());
    const first = await train(ENOUGH, stoppedAt<Scheduled>(4));
    const second = await train(ENOUGH, machine(), { from: first.progress });
    expect([...first.progresses, ...second.progresses]).toEqual(whole.progresses);
  });

  test('is that of the checkpoint', async () => {
    const { progress } = await train(BOUNDED, stoppedAt<Scheduled>(13));
    const ended = await train(BOUNDED, machine(), { from: progress });
    expect(ended.progress.schedule).toEqual(progress.schedule);
    expect(ended.progress.step).toBe(97);
  });

  test('leaves room for the time before the first step', async () => {
    expect((await train(BOUNDED, machine(), { before: 50 })).progress.step).toBe(47);
  });
});

describe('a number of steps that is fixed by the first ones', () => {
  const limited: TimeLimit = { wantedSteps: 40, maxSeconds: 25, reserve: 0.08 };

  const run = (
    limit: TimeLimit,
    on: ReturnType<typeof machine<Counted>>,
    from: Counted = { ...START, steps: null },
  ) =>
    on.train({
      from,
      until: (progress) =>
        progress.steps !== null && (progress.step >= progress.steps || isTimeUp(progress, limit)),
      callbacks: [fixSteps<Counted>(limit)],
    });

  test('is what is wanted where the time suffices', async () => {
    for (const maxSeconds of [100, null]) {
      const on = machine<Counted>();
      expect((await run({ ...limited, maxSeconds }, on)).progress.steps).toBe(40);
      expect(on.steps).toEqual(count(40));
    }
  });

  test('is smaller where all of them would take too long', async () => {
    const on = machine<Counted>();
    const { progress } = await run(limited, on);
    expect(progress.steps).toBeLessThan(25);
    expect(progress.steps).toBeGreaterThan(18);
    expect(on.steps).toHaveLength(progress.steps ?? 0);
  });

  test('does not stand above the time, of which earlier attempts took a part', async () => {
    const on = machine<Counted>();
    await run(limited, on, { step: 30, seconds: 24.5, steps: 40 });
    expect(on.steps).toEqual([30]);
  });

  test('leaves a training of one step its step', async () => {
    const on = machine<Counted>();
    expect((await run({ ...limited, wantedSteps: 1 }, on)).progress).toMatchObject({ steps: 1 });
  });
});
