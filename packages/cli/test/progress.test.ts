import { expect, test } from '@jest/globals';
import { duration, RateMeter, stageLine } from '../src/progress.ts';
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

test('without an expected number there is no time left, and no bar that lies', () => {
  const line = stageLine('scraping', { ...STAGE, expected: null }, new RateMeter(), 0);
  expect(line).not.toContain('left');
  expect(line).not.toContain('█');
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
