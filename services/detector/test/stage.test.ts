import { describe, expect, test } from '@jest/globals';
import type { RunRecord, Training } from '../src/records.ts';
import { stageOf, trainingStage } from '../src/stage.ts';

const updatedAt = new Date('2026-01-01T00:00:00Z');
const run: RunRecord = {
  ...{ id: 'run', detector: 'model', reference: null, updatedAt },
  ...{ expected: null, done: 0, failed: 0, detections: 0, isCanceled: false },
};

describe('the detection of a run', () => {
  test('waits while nothing of the run has arrived', () => {
    expect(stageOf(null)).toMatchObject({ state: 'WAITING', updatedAt: null });
  });

  test('is skipped where each photograph shows one garment', () => {
    const skipped = stageOf({ ...run, detector: 'none', expected: 9 });
    expect(skipped).toMatchObject({ state: 'SKIPPED', expected: null });
  });

  test.each([
    ['while the scraper may find more', { done: 5 }],
    ['while photographs are left', { expected: 6, done: 3, failed: 2 }],
  ])('runs %s', (_, change) => {
    expect(stageOf({ ...run, ...change }).state).toBe('RUNNING');
  });

  test.each([
    ['every photograph was looked at', { expected: 5, done: 4, failed: 1, detections: 9 }],
    ['the run has no photographs', { expected: 0 }],
  ])('is done once %s', (_, change) => {
    const { detections } = { ...run, ...change };
    expect(stageOf({ ...run, ...change })).toMatchObject({
      state: 'DONE',
      detail: `${detections} detections`,
    });
  });

  test('has failed where every photograph has', () => {
    expect(stageOf({ ...run, expected: 3, failed: 3 })).toMatchObject({
      state: 'FAILED',
      detail:
        'None of the 3 photographs could be processed. To try it again: deepstyle run retry run_run',
    });
  });

  test('of a canceled run is canceled where it was open, and stays as it ended', () => {
    const canceled = { ...run, isCanceled: true, expected: 3, done: 2 };
    expect(stageOf(canceled)).toMatchObject({
      state: 'CANCELED',
      detail: 'Canceled. To let it go on: deepstyle run resume run_run',
    });
    expect(stageOf({ ...canceled, done: 3 }).state).toBe('DONE');
  });
});

test.each([
  ['queued', 'WAITING'],
  ['running', 'RUNNING'],
  ['done', 'DONE'],
  ['failed', 'FAILED'],
] as const)('a training that is %s is a stage that is %s, in steps', (state, expected) => {
  const training = { state, step: 7, steps: 9, detail: 'so far', updatedAt } as Training;
  expect(trainingStage(training)).toEqual({
    ...{ state: expected, done: 7, failed: 0, expected: 9, detail: 'so far', updatedAt },
  });
});
