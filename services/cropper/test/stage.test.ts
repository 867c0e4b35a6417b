import { describe, expect, test } from '@jest/globals';
import { NEW_RUN, type RunProgress } from '../src/run-progress.ts';
import { stageOf } from '../src/stage.ts';

const updatedAt = new Date('2026-01-02T03:04:05.000Z');
const gan = { steps: null, skip: false };
const reference = { id: 'r', season: 'SS2026', brand: null, detector: 'none', gan };
const losses = { incomplete: null, lost: 0 };
const run = { id: reference.id, reference, ...losses, isCanceled: false, updatedAt };
const of = (progress: Partial<RunProgress>) =>
  stageOf({ ...run, progress: { ...NEW_RUN, ...progress } });

describe('the cropping stage', () => {
  test('waits while nothing has arrived', () => {
    expect(stageOf(null)).toMatchObject({ state: 'WAITING', expected: null });
  });

  test('runs with an unknown total while the scrape is open', () => {
    expect(of({ done: 3, garments: 3 })).toMatchObject({
      state: 'RUNNING',
      done: 3,
      expected: null,
    });
  });

  test('is done when ready with garments', () => {
    expect(of({ expected: 2, done: 1, failed: 1, garments: 1, ready: true })).toMatchObject({
      state: 'DONE',
      failed: 1,
      expected: 2,
    });
  });

  test('of a canceled run is canceled where it was open, and stays as it ended', () => {
    const canceled = { ...run, isCanceled: true };
    const open = { ...NEW_RUN, expected: 2, done: 1, garments: 1 };
    expect(stageOf({ ...canceled, progress: open })).toMatchObject({
      state: 'CANCELED',
      detail: 'Canceled. To let it go on: deepstyle run resume run_r',
    });
    expect(stageOf({ ...canceled, progress: { ...open, done: 2, ready: true } }).state).toBe(
      'DONE',
    );
  });

  test('fails with the reason where a ready run has no garment', () => {
    expect(of({ expected: 0, ready: true }).detail).toBe(
      'The run has no photographs. To try it again: deepstyle run retry run_r',
    );
    const failed = of({ expected: 2, failed: 2, ready: true });
    expect(failed.state).toBe('FAILED');
    expect(failed.detail).toContain('2 photographs');
  });
});
