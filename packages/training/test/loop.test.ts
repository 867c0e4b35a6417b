import { describe, expect, test } from '@jest/globals';
import type { Callback, Progress } from '../src/index.ts';
import { count, machine, START, stoppedAt } from './machine.ts';

describe('the loop', () => {
  test('does the steps that are wanted, each once and in order, and saves its end', async () => {
    const { train, steps, saved } = machine();
    const { progress, interrupted } = await train({});
    expect(steps).toEqual(count(20));
    expect(progress).toEqual({ step: 20, seconds: 20 });
    expect([interrupted, saved]).toEqual([false, [progress]]);
  });

  test('has nothing to do, nor to save, where all steps are done', async () => {
    const { train, steps, saved } = machine();
    const done = { step: 20, seconds: 7 };
    expect((await train({ from: done })).progress).toEqual(done);
    expect([steps, saved]).toEqual([[], []]);
  });

  test('saves as often as it was told to', async () => {
    const { train, saved } = machine();
    await train({ checkpointSeconds: 6 });
    expect(saved.map(({ step }) => step)).toEqual([6, 12, 18, 20]);
  });

  test('counts the time of earlier attempts, and what passed before the first step', async () => {
    const { train } = machine();
    const { progress } = await train({ from: { step: 15, seconds: 40 }, before: 3 });
    expect(progress).toEqual({ step: 20, seconds: 40 + 3 + 5 });
  });

  test.each([0, 4, 6, 13, 19])(
    'told to stop in step %i it saves where it is, and goes on from there as if it had not stopped',
    async (stopAt) => {
      const first = stoppedAt(stopAt);
      const { interrupted, progress } = await first.train({});
      expect(progress).toEqual({ step: stopAt + 1, seconds: stopAt + 1 });
      // After the last step there is nothing left to interrupt.
      expect(interrupted).toBe(stopAt !== 19);
      expect(first.saved.at(-1)).toEqual(progress);
      const second = machine();
      const ended = await second.train({ from: progress });
      expect([...first.steps, ...second.steps]).toEqual(count(20));
      expect(ended.progress).toEqual({ step: 20, seconds: 20 });
    },
  );

  test('stops where a step of this thread never lets a timer go', async () => {
    const stopping = machine();
    setImmediate(() => stopping.stop());
    const { interrupted } = await stopping.train({ until: () => false });
    expect(interrupted).toBe(true);
  });
});

describe('callbacks', () => {
  interface Marked extends Progress {
    readonly marks: readonly string[];
  }
  const marking = (name: string, save: boolean): Callback<Marked, unknown> => {
    const mark = (progress: Marked) => ({
      progress: { ...progress, marks: [...progress.marks, `${name}${progress.step}`] },
      save,
    });
    return {
      atStart: mark,
      afterStep: (progress) => (progress.step === 2 ? mark(progress) : undefined),
    };
  };
  const from: Marked = { ...START, marks: [] };
  const until = ({ step }: Marked) => step >= 3;

  test('change the progress one after another, before and after steps', async () => {
    const { train } = machine<Marked>();
    const { progress } = await train({
      from,
      until,
      callbacks: [marking('a', false), marking('b', false)],
    });
    expect(progress.marks).toEqual(['a0', 'b0', 'a2', 'b2']);
  });

  test('have what they change saved before the next step where they ask for it', async () => {
    const saving = machine<Marked>();
    await saving.train({ from, until, callbacks: [marking('a', true), marking('b', false)] });
    expect(saving.saved.map(({ step, marks }) => [step, ...marks])).toEqual([
      [0, 'a0', 'b0'],
      [2, 'a0', 'b0', 'a2', 'b2'],
      [3, 'a0', 'b0', 'a2', 'b2'],
    ]);
    const waiting = machine<Marked>();
    await waiting.train({ from, until, callbacks: [marking('a', false)] });
    expect(waiting.saved.map(({ step }) => step)).toEqual([3]);
  });

  test('are told of each step’s losses and time, and of the end only where it comes', async () => {
    const told: unknown[] = [];
    const listening: Callback<Progress, { readonly loss: number }> = {
      afterStep: ({ step }, { losses, seconds }) => {
        told.push([step, losses.loss, seconds]);
        return undefined;
      },
      atEnd: async ({ step }) => {
        told.push(['end', step]);
      },
    };
    await machine(() => 2).train({ until: ({ step }) => step >= 2, callbacks: [listening] });
    expect(told.splice(0)).toEqual([
      [1, 0, 2],
      [2, 1, 2],
      ['end', 2],
    ]);
    await stoppedAt(0).train({ callbacks: [listening] });
    expect(told).toEqual([[1, 0, 1]]);
  });
});
