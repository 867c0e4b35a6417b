import { expect, test } from '@jest/globals';
import { ProgressView } from '../src/output/progress-view.ts';
import { duration, RateMeter, stageLine } from '../src/output/stage-line.ts';
import type { StageView } from '../src/run-queries.ts';

const STAGE: StageView = {
  state: 'RUNNING',
  done: 50,
  failed: 0,
  expected: 200,
  detail: null,
  stalled: false,
};

test('the rate counts from the first sight of a stage, so a resumed run is not flattered', () => {
  const meter = new RateMeter();
  meter.measure('garments', 1000, 2000, 0);
  expect(meter.measure('garments', 1100, 2000, 10_000)).toEqual({ rate: 10, secondsLeft: 90 });
});

test('a line tells count, rate and time left', () => {
  const meter = new RateMeter();
  meter.measure('scraping', 0, 200, 0);
  const line = stageLine('scraping', STAGE, meter, 5_000);
  expect(line).toContain('50 of 200');
  expect(line).toContain('10.0/s');
  expect(line).toContain('15 s left');
});

test('a stage that stands has no time left, as it would only grow', () => {
  const meter = new RateMeter();
  meter.measure('cropping', 0, 200, 0);
  meter.measure('cropping', 100, 200, 10_000);
  expect(meter.measure('cropping', 100, 200, 60_000).secondsLeft).toBe(60);
  expect(meter.measure('cropping', 100, 200, 80_000).secondsLeft).toBeNull();
  expect(meter.measure('cropping', 150, 200, 90_000).secondsLeft).toBe(30);
});

test('without an expected number there is no time left, and no bar that lies', () => {
  const line = stageLine('scraping', { ...STAGE, expected: null }, new RateMeter(), 0);
  expect(line).not.toContain('left');
  expect(line).not.toContain('█');
});

test('a canceled stage has no bar, and says how it goes on', () => {
  const detail = 'Canceled. To let it go on: deepstyle run resume run_1';
  const canceled = { ...STAGE, state: 'CANCELED', detail } as const;
  expect(stageLine('scraping', canceled, new RateMeter(), 0)).toBe(
    `scraping     canceled  ${detail}`,
  );
});

test('a stalled stage says so', () => {
  expect(stageLine('training', { ...STAGE, stalled: true }, new RateMeter(), 0)).toContain(
    'STALLED',
  );
});

test('failures are counted into what is finished', () => {
  expect(stageLine('cropping', { ...STAGE, failed: 3 }, new RateMeter(), 0)).toContain(
    '53 of 200, 3 failed',
  );
});

test.each([
  [0.4, '0 s'],
  [59, '59 s'],
  [61, '1 min 1 s'],
])('%d seconds are %s', (seconds, expected) => {
  expect(duration(seconds)).toBe(expected);
});

/** Shows two sights of a stage, some time apart; gives what was written. */
function shownOn(out: { isTTY: boolean }, apartMs: number): string[] {
  const written: string[] = [];
  const write = (text: string) => written.push(text);
  const view = new ProgressView({ columns: 100, rows: 24, write, ...out } as never);
  view.showStages([{ label: 'detector', stage: STAGE }], 100_000);
  view.showStages([{ label: 'detector', stage: { ...STAGE, done: 90 } }], 100_000 + apartMs);
  return written;
}

test('on a terminal a stage is drawn again in its place', () => {
  const [first, second] = shownOn({ isTTY: true }, 500);
  expect(first).toContain('50 of 200');
  expect(second).toContain('90 of 200, 80.0/s');
  // Erases the line that it wrote before (ECMA-48, 8.3.41).
  expect(second).toContain('\u001b[2K');
});

test('elsewhere a line is written now and then, and nothing but lines', () => {
  expect(shownOn({ isTTY: false }, 9_000)).toHaveLength(1);
  const lines = shownOn({ isTTY: false }, 11_000);
  expect(lines).toEqual([
    expect.stringMatching(/^detector .*50 of 200\n$/),
    expect.stringMatching(/^detector .*90 of 200, 3\.6\/s, 30 s left\n$/),
  ]);
});
