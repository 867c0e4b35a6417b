import { describe, expect, test } from '@jest/globals';
import { MemoryBudget } from '../src/memory-budget.ts';

/** Work that goes on until it is told to end. */
function piece(budget: MemoryBudget, bytes: number, name: string, log: string[]) {
  let end: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const done = budget.hold(bytes, async () => {
    log.push(name);
    await ended;
  });
  return { end, done };
}

const turns = () => new Promise((resolve) => setImmediate(resolve));

test('work waits until there is room for it', async () => {
  const [budget, log] = [new MemoryBudget(10), [] as string[]];
  const [a, b, c] = [6, 4, 1].map((bytes, i) => piece(budget, bytes, 'abc'.charAt(i), log));
  await turns();
  expect(log).toEqual(['a', 'b']);
  b?.end();
  await b?.done;
  await turns();
  expect(log).toEqual(['a', 'b', 'c']);
  a?.end();
  c?.end();
});

test('a large piece is not overtaken by small ones', async () => {
  const [budget, log] = [new MemoryBudget(10), [] as string[]];
  const first = piece(budget, 5, 'first', log);
  const large = piece(budget, 10, 'large', log);
  const small = piece(budget, 1, 'small', log);
  await turns();
  expect(log).toEqual(['first']);
  first.end();
  await turns();
  expect(log).toEqual(['first', 'large']);
  large.end();
  await turns();
  expect(log).toEqual(['first', 'large', 'small']);
  small.end();
});

test('work that fails gives back its room', async () => {
  const budget = new MemoryBudget(10);
  const failing = budget.hold(10, () => Promise.reject(new Error('corrupt')));
  const next = budget.hold(10, async () => 'done');
  await expect(failing).rejects.toThrow('corrupt');
  expect(await next).toBe('done');
});

describe('a lease', () => {
  test('holds nothing while it waits for more', async () => {
    const budget = new MemoryBudget(10);
    const [a, b] = [budget.lease(), budget.lease()];
    await Promise.all([a.take(5), b.take(5)]);
    // Each would wait for the other if it went on holding its own.
    const both = [a, b].map((lease) => lease.take(10).then(() => lease.keep(0)));
    await Promise.all(both);
    expect(budget.waiting).toBe(0);
  });

  test('gives back what it does not keep', async () => {
    const budget = new MemoryBudget(10);
    const [a, b] = [budget.lease(), budget.lease()];
    await a.take(10);
    const waiting = b.take(7);
    a.keep(4);
    await turns();
    expect(budget.waiting).toBe(1);
    a.keep(3);
    await waiting;
    // More than is held is not taken by it.
    a.keep(9);
    b.keep(0);
    await b.take(7);
  });

  test('leaves the line when its signal aborts, and those behind it go on', async () => {
    const budget = new MemoryBudget(10);
    const [a, large, small] = [budget.lease(), budget.lease(), budget.lease()];
    const over = new AbortController();
    await a.take(5);
    const aborted = large.take(10, over.signal);
    const next = small.take(5);
    over.abort(new Error('over'));
    await expect(aborted).rejects.toThrow('over');
    await next;
    await expect(large.take(0, over.signal)).rejects.toThrow('over');
    expect(budget.waiting).toBe(0);
  });

  test('an abort after its turn has come changes nothing', async () => {
    const budget = new MemoryBudget(10);
    const [a, b] = [budget.lease(), budget.lease()];
    const over = new AbortController();
    await a.take(10);
    const taken = b.take(10, over.signal);
    a.keep(0);
    over.abort(new Error('over'));
    await taken;
    b.keep(0);
    await a.take(10);
  });
});
