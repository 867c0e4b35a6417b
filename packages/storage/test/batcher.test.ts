import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { createBatcher } from '../src/bus/batcher.ts';

function recording(limits: { maxItems?: number; maxWeight?: number } = {}) {
  const batches: number[][] = [];
  const batcher = createBatcher<number, number>({
    run: async (items) => {
      batches.push([...items]);
      await sleep(5);
      if (items.includes(-1)) throw new Error('a bad batch');
      return items.map((item) => item * 10);
    },
    maxItems: limits.maxItems ?? 100,
    maxWeight: limits.maxWeight ?? 1000,
    weigh: (item) => item,
  });
  return { batches, batcher };
}

describe('a batcher', () => {
  test('gives each its own result, and gathers what comes while it is busy', async () => {
    const { batches, batcher } = recording();
    const first = [batcher.add(1), batcher.add(2)];
    await sleep(1);
    const second = [batcher.add(3), batcher.add(4)];
    expect(await Promise.all([...first, ...second])).toEqual([10, 20, 30, 40]);
    expect(batches).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test('keeps to its limits; what is heavier than all goes alone', async () => {
    const { batches, batcher } = recording({ maxItems: 3, maxWeight: 10 });
    await Promise.all([1, 1, 1, 1, 50, 6, 6].map((item) => batcher.add(item)));
    expect(batches).toEqual([[1, 1, 1], [1], [50], [6], [6]]);
  });

  test('a failed batch fails those in it, and the next goes on', async () => {
    const { batcher } = recording({ maxItems: 1 });
    const results = await Promise.allSettled([batcher.add(-1), batcher.add(2)]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'fulfilled']);
  });

  test('idle waits for everything, failures too', async () => {
    const { batches, batcher } = recording({ maxItems: 1 });
    batcher.add(-1).catch(() => undefined);
    void batcher.add(2);
    await batcher.idle();
    expect(batches.length).toBe(2);
  });
});
