import { describe, expect, test } from '@jest/globals';
import { runDetails, runTable, standOf } from '../src/output/run-report.ts';
import type { RunState, StageView } from '../src/run-queries.ts';

const stage = (state: StageView['state'], rest: Partial<StageView> = {}) => ({
  ...{ state, done: 1, failed: 0, expected: 4, detail: null, stalled: false },
  ...rest,
});
const DONE = stage('DONE');
const WAITING = stage('WAITING');

const runWith = (stages: Partial<RunState> = {}): RunState => ({
  id: 'run_1',
  createdAt: '2026-11-28T07:00:00.000Z',
  season: 'FW2026',
  brand: null,
  detector: 'none',
  canceledAt: null,
  incomplete: null,
  photoCounts: { stored: 3, duplicates: 1, rejected: 2 },
  garmentCount: 3,
  ...{ scraping: DONE, detection: null, cropping: DONE, training: DONE },
  publishing: { ...DONE, updatedAt: null },
  ...stages,
});
const publishing = (state: StageView['state'], detail: string | null = null) => ({
  publishing: { ...stage(state, { detail }), updatedAt: null },
});

const CASES: readonly [string, Partial<RunState>, string][] = [
  ['published', {}, 'Look at it: deepstyle up --data /d'],
  [
    'published as incomplete',
    { incomplete: '9 of 30 photographs failed' },
    'incomplete    9 of 30 photographs failed',
  ],
  [
    'published, training failed',
    { training: stage('FAILED') },
    'To try again what failed: deepstyle run retry run_1 --data /d',
  ],
  [
    'scraping failed',
    { scraping: stage('FAILED'), ...publishing('WAITING') },
    'To try again what failed: deepstyle run retry run_1 --data /d',
  ],
  [
    'held',
    publishing('HELD'),
    'To publish it as it is: deepstyle run publish run_1 --data /d --incomplete',
  ],
  [
    'canceled',
    { canceledAt: '2026-11-28T07:05:00.000Z', ...publishing('CANCELED') },
    'To let it go on: deepstyle run resume run_1 --data /d',
  ],
  ['published', { canceledAt: '2026-11-28T07:05:00.000Z' }, 'Look at it: deepstyle up --data /d'],
  [
    'cropping 1 of 4',
    { cropping: stage('RUNNING'), training: WAITING, ...publishing('WAITING') },
    'To stop it for good: deepstyle run cancel run_1 --data /d',
  ],
  [
    'training 1, stalled',
    { training: stage('RUNNING', { stalled: true, expected: null }), ...publishing('WAITING') },
    'It goes on while an instance is up: deepstyle up --data /d',
  ],
  ['waiting', { scraping: WAITING, ...publishing('WAITING') }, 'deepstyle run cancel run_1'],
];

describe.each(CASES)('a run that is %s', (state, stages, next) => {
  test('says so in a list, and in its details what to do next', () => {
    expect(standOf(runWith(stages))).toBe(state);
    const told = runDetails(runWith(stages), { isUp: false, letters: 0, data: '/d' });
    expect(told).toContain(`state         ${state}\n`);
    expect(told).toContain(next);
  });
});

test('a list has a row for each run', () => {
  const older = { ...runWith(), id: 'run_22', season: 'SS2026' };
  expect(runTable([runWith(), older], true, new Map(), '/d').split('\n')).toEqual([
    'id      season  begun                     state',
    'run_1   FW2026  2026-11-28T07:00:00.000Z  published',
    'run_22  SS2026  2026-11-28T07:00:00.000Z  published',
    '',
    'There are older ones: --last N',
    'Its stages, and what to do next: deepstyle run show --data /d RUN',
    '',
  ]);
  expect(runTable([], false, new Map(), undefined)).toBe('There are no runs.\n');
});

test('a run that waits for dead letters says so, while it is open', () => {
  const open = runWith({ cropping: stage('RUNNING'), ...publishing('WAITING') });
  const letters = new Map([['run_1', 2]]);
  expect(runTable([open], false, letters, '/d')).toContain(
    'cropping 1 of 4, waits for 2 dead letters\n',
  );
  expect(runTable([runWith()], false, letters, '/d')).not.toContain('dead letters');
  const told = runDetails(open, { isUp: true, letters: 1, data: '/d' });
  expect(told).toContain(
    'waits for 1 dead letter, so it does not go on by itself: deepstyle events dead-letters list --data /d\n',
  );
});

test('the details of a run have a line for each stage, and commands for its data folder', () => {
  const id = 'run_0b2f6f7e-51a4-4d6c-9a55-1a4a8f0f3c11';
  const held = runWith({ id, ...publishing('HELD', `Again: deepstyle run retry ${id}`) });
  const lines = runDetails(held, { isUp: true, letters: 0, data: '/d' }).split('\n');
  expect(lines).toContain(`publishing   held  Again: deepstyle run retry ${id} --data /d`);
  for (const name of ['scraping', 'cropping', 'training'])
    expect(lines.filter((line) => line.startsWith(name))).toHaveLength(1);
});
