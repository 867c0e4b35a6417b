import { expect, test } from '@jest/globals';
import { resultOf, troublesOf } from '../src/output/run-result.ts';
import { runSummary } from '../src/output/run-summary.ts';
import type { RunView, StageView } from '../src/run-queries.ts';

const DONE: StageView = {
  state: 'DONE',
  done: 1,
  failed: 0,
  expected: 1,
  detail: null,
  stalled: false,
};
const RUN: RunView = {
  id: 'run_1',
  season: 'FW2026',
  canceledAt: null,
  incomplete: null,
  scraping: DONE,
  detection: null,
  cropping: DONE,
  training: { ...DONE, state: 'SKIPPED', detail: 'only 3 garments' },
  publishing: { ...DONE, updatedAt: '2026-11-28T07:00:00.000Z' },
  photoCounts: { stored: 3, duplicates: 1, rejected: 2 },
  garmentCount: 3,
  rejections: [],
  ganModel: null,
  collection: null,
  trendBatches: [],
};

const batch = (
  momentumReason: string | null,
  change: number,
  direction: 'RISING' | 'UNCHANGED',
) => ({
  id: 'trend_1',
  brand: null,
  revision: 1,
  momentumReason,
  previousSeason: momentumReason === null ? 'SS2026' : null,
  categories: [
    { name: 'coat', share: 0.22, momentum: momentumReason === null ? { change, direction } : null },
  ],
  palette: [],
});

test('without a model the result says why there is none', () => {
  expect(resultOf(RUN)).toMatchObject({
    gan: { outcome: 'none', detail: 'only 3 garments' },
    designs: 0,
    collections: 0,
  });
});

test('what was published as incomplete says why', () => {
  const incomplete = '9 of 30 photographs failed';
  const result = { ...resultOf({ ...RUN, incomplete }), seconds: 1 };
  expect(result).toMatchObject({ incomplete });
  expect(runSummary(result, undefined)).toContain(`incomplete    ${incomplete}\n`);
  expect(runSummary({ ...result, incomplete: null }, undefined)).not.toContain('incomplete');
});

test('a canceled run says how it goes on', () => {
  const publishing = { ...DONE, state: 'CANCELED', updatedAt: null } as const;
  const canceled = { ...RUN, canceledAt: '2026-11-28T07:00:00.000Z', publishing };
  expect(troublesOf(canceled)[0]).toBe(
    'The run was canceled. To let it go on: deepstyle run resume run_1\n',
  );
  expect(troublesOf(RUN)[0]).not.toContain('canceled');
});

test('a called change is a sentence', () => {
  const run = { ...RUN, trendBatches: [batch(null, 0.17, 'RISING')] };
  expect(resultOf(run).trend).toEqual(['coat rises by 17.0 points to 22.0 %']);
});

test('what cannot be called is not told as a change', () => {
  const run = { ...RUN, trendBatches: [batch(null, 0.01, 'UNCHANGED')] };
  expect(resultOf(run).trend).toEqual(['no change since SS2026 can be called']);
});

test('no momentum comes with its reason', () => {
  const run = { ...RUN, trendBatches: [batch('no earlier season', 0, 'UNCHANGED')] };
  expect(resultOf(run).trend).toEqual(['momentum: none (no earlier season)']);
});
