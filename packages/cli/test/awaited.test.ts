import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { awaited } from '../src/output/awaited.ts';

let said: string[] = [];
beforeEach(() => {
  said = [];
  jest.useFakeTimers();
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said.push(String(text));
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

test('what is awaited is told after a few seconds and now and then, until it is there', async () => {
  let arrive = (_: string) => {};
  const waiting = awaited('a snapshot', new Promise<string>((resolve) => (arrive = resolve)));
  await jest.advanceTimersByTimeAsync(4_999);
  expect(said).toEqual([]);
  await jest.advanceTimersByTimeAsync(31_000);
  expect(said).toEqual([
    'Waiting for a snapshot: 5 s so far.\n',
    'Waiting for a snapshot: 35 s so far.\n',
  ]);
  arrive('there');
  expect(await waiting).toBe('there');
  expect(jest.getTimerCount()).toBe(0);
});
