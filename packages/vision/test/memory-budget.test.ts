import { expect, test } from '@jest/globals';
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
