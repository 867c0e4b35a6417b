import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createRunningTime, type RunningTime } from '../src/database/running-time.ts';

let clockMs = 0;
let time: RunningTime;
let called = 0;
const call = () => {
  called += 1;
};
beforeEach(() => {
  jest.useFakeTimers();
  [clockMs, called] = [0, 0];
  time = createRunningTime(() => clockMs);
});
afterEach(() => {
  jest.useRealTimers();
});

/** Lets timers that are due in `ranMs` fire, while the clock goes on by `wallMs`. */
function pass(ranMs: number, wallMs = ranMs): void {
  clockMs += wallMs - ranMs;
  for (let ms = 0; ms < ranMs; ms += 1) {
    clockMs += 1;
    jest.advanceTimersByTime(1);
  }
}

describe('a limit in time in which the process could run', () => {
  test('ends after that time, once', () => {
    time.after(200, call);
    pass(199);
    expect(called).toBe(0);
    pass(300);
    expect(called).toBe(1);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('does not count a stop, however long', () => {
    time.after(200, call);
    pass(20, 3_600_000);
    expect(called).toBe(0);
  });

  test('of a process that is stopped for 80 of each 100 ms lasts five times as long', () => {
    time.after(5_000, call);
    for (let cycles = 0; cycles < 249; cycles += 1) pass(20, 100);
    expect(called).toBe(0);
    pass(20, 100);
    expect(called).toBe(1);
  });

  test('that is taken back never ends, and others go on', () => {
    const takeBack = time.after(100, call);
    time.after(200, call);
    takeBack();
    pass(300);
    expect(called).toBe(1);
  });
});
