import { expect, test } from '@jest/globals';
import { mapConcurrently } from '../src/map-concurrently.ts';

test('keeps the order of the items and the limit', async () => {
  let running = 0;
  let most = 0;
  const results = await mapConcurrently([5, 1, 4, 2, 3], 2, async (item) => {
    running += 1;
    most = Math.max(most, running);
    for (let turn = 0; turn < item; turn += 1) await Promise.resolve();
    running -= 1;
    return item * 10;
  });
  expect(results).toEqual([50, 10, 40, 20, 30]);
  expect(most).toBe(2);
  expect(await mapConcurrently([], 2, () => Promise.resolve(1))).toEqual([]);
});

test('starts nothing more after a failure', async () => {
  const started: number[] = [];
  const work = async (item: number) => {
    started.push(item);
    if (item === 1) throw new Error('first');
    return item;
  };
  await expect(mapConcurrently([1, 2, 3, 4], 1, work)).rejects.toThrow('first');
  expect(started).toEqual([1]);
});
