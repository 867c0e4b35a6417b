import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type Interrupt, onInterrupt } from '../src/instance/interrupt.ts';

let said: string[] = [];
let ended: unknown[] = [];
let interrupt: Interrupt;
beforeEach(() => {
  said = [];
  ended = [];
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] });
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said.push(String(text));
    return true;
  });
  jest.spyOn(process, 'exit').mockImplementation((code) => {
    ended.push(code);
    return undefined as never;
  });
  interrupt = onInterrupt('Stopping.');
});
afterEach(() => {
  interrupt.release();
  jest.restoreAllMocks();
  jest.useRealTimers();
});

const forEver = () => new Promise<void>(() => {});
const press = () => process.emit('SIGINT', 'SIGINT');

describe('Ctrl-C', () => {
  test('before there is anything to close ends at once', () => {
    press();
    expect([said.join(''), ended]).toEqual(['\nStopping.\n', [130]]);
  });

  test('closes, and ends when all is closed', async () => {
    let closed = () => {};
    interrupt.closes(() => new Promise((resolve) => (closed = resolve)));
    press();
    expect(ended).toEqual([]);
    closed();
    await jest.advanceTimersByTimeAsync(0);
    expect(ended).toEqual([130]);
  });

  test('a second time says that it closes, and for how long', async () => {
    interrupt.closes(forEver);
    press();
    await jest.advanceTimersByTimeAsync(7_000);
    press();
    expect(said.at(-1)).toContain('closing for 7 s');
    expect(ended).toEqual([]);
  });

  test('a third time ends as it is', () => {
    interrupt.closes(forEver);
    for (let times = 0; times < 3; times += 1) press();
    expect(ended).toEqual([130]);
  });

  test('a second time ends as it is after a while', async () => {
    interrupt.closes(forEver);
    press();
    press();
    await jest.advanceTimersByTimeAsync(9_999);
    expect(ended).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(ended).toEqual([130]);
  });
});
