import { describe, expect, test } from '@jest/globals';
import type { Run } from '../src/records.ts';
import { stageOf } from '../src/stage.ts';

const AT = new Date('2026-01-02T03:04:05Z');
const RUN: Run = {
  id: 'run',
  season: 'FW2019',
  brand: null,
  detector: 'none',
  ganSteps: null,
  ganSkip: false,
  sources: [],
  state: 'RUNNING',
  detail: null,
  expected: null,
  stored: 3,
  duplicates: 2,
  rejected: 1,
  createdAt: AT,
  updatedAt: new Date(AT.getTime() + 1),
  canceledAt: null,
  revision: 0,
  retries: 0,
  lost: 0,
};

describe('the scraping stage', () => {
  test('counts a duplicate as done and a rejected source as failed', () => {
    const counts = { done: 5, failed: 1, expected: null, detail: null };
    expect(stageOf(RUN)).toEqual({ state: 'RUNNING', ...counts, updatedAt: RUN.updatedAt });
  });

  test('waits until its job has begun', () => {
    expect(stageOf({ ...RUN, updatedAt: AT }).state).toBe('WAITING');
    expect(stageOf({ ...RUN, updatedAt: AT, state: 'FAILED' }).state).toBe('FAILED');
    expect(stageOf(null).state).toBe('WAITING');
  });
});
