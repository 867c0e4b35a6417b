import { describe, expect, test } from '@jest/globals';
import type { Training } from '../src/records.ts';
import { stageOf } from '../src/stage.ts';
import { runOf } from './drawn-garments.ts';

const run = runOf('r');
const training: Training = {
  id: run.id,
  runId: run.id,
  run,
  season: run.season,
  state: 'running',
  attempt: 1,
  unsavedSeconds: 0,
  step: 3,
  steps: 12,
  detail: 'step 3 of 12',
  checkpoint: null,
  leaseUntil: null,
  createdAt: new Date('2026-01-02T03:04:05.000Z'),
  updatedAt: new Date('2026-01-02T03:04:05.000Z'),
  manifestHash: null,
  hyperparameters: null,
  garments: 16,
  modelId: null,
  outcome: null,
  reason: null,
};

describe('the training stage', () => {
  test('waits while the garments of the run are not ready', () => {
    expect(stageOf(null)).toMatchObject({ state: 'WAITING', expected: null, updatedAt: null });
  });

  test('counts steps, and says what the training says of itself', () => {
    const { detail, updatedAt } = training;
    const counts = { done: 3, failed: 0, expected: 12 };
    expect(stageOf(training)).toEqual({ state: 'RUNNING', ...counts, detail, updatedAt });
  });

  test.each([
    ['queued', 'WAITING'],
    ['done', 'DONE'],
    ['skipped', 'SKIPPED'],
    ['failed', 'FAILED'],
    ['canceled', 'CANCELED'],
  ] as const)('of a training that is %s is %s', (state, expected) => {
    expect(stageOf({ ...training, state }).state).toBe(expected);
  });

  test.each([
    ['canceled', 'Canceled. To let it go on: deepstyle run resume run_r'],
    ['failed', 'It stopped. To try it again: deepstyle run retry run_r'],
  ] as const)('names the way on of a training that is %s', (state, detail) => {
    expect(stageOf({ ...training, state, detail: 'It stopped.' }).detail).toBe(detail);
  });
});
