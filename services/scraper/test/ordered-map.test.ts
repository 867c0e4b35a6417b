import { describe, expect, test } from '@jest/globals';
import { orderedMap } from '../src/ordered-map.ts';

async function* numbers(count: number): AsyncGenerator<number> {
  for (let i = 0; i < count; i += 1) yield i;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const turns = async (count: number) => {
  for (let i = 0; i < count; i += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('orderedMap', () => {
  test('keeps the order although later work ends earlier', async () => {
    const doubled = orderedMap(numbers(20), 5, async (n) => {
      await turns(20 - n);
      return n * 2;
    });
    expect(await all(doubled)).toEqual(Array.from({ length: 20 }, (_, n) => n * 2));
  });

  test('never has more under way than the window', async () => {
    let active = 0;
    let most = 0;
    const results = orderedMap(numbers(30), 4, async () => {
      active += 1;
      most = Math.max(most, active);
      await turns(3);
      active -= 1;
    });
    await all(results);
    expect(most).toBe(4);
  });

  test('yields what is done while the next item is still awaited', async () => {
    let release = () => {};
    async function* slow(): AsyncGenerator<number> {
      yield 1;
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      yield 2;
    }
    const results = orderedMap(slow(), 8, async (n) => n);
    expect((await results.next()).value).toBe(1);
    release();
    expect((await results.next()).value).toBe(2);
    expect((await results.next()).done).toBe(true);
  });

  test('a failure comes in its place, after the results before it, and ends the source', async () => {
    let closed = false;
    async function* source(): AsyncGenerator<number> {
      try {
        yield* numbers(100);
      } finally {
        closed = true;
      }
    }
    const found: number[] = [];
    const run = async () => {
      for await (const n of orderedMap(source(), 3, async (n) => {
        if (n >= 5) throw new Error(`broken at ${n}`);
        return n;
      })) {
        found.push(n);
      }
    };
    await expect(run()).rejects.toThrow('broken at 5');
    expect(found).toEqual([0, 1, 2, 3, 4]);
    expect(closed).toBe(true);
  });

  test('a failing source ends it after the work before', async () => {
    async function* source(): AsyncGenerator<number> {
      yield 1;
      throw new Error('no more');
    }
    await expect(all(orderedMap(source(), 3, async (n) => n))).rejects.toThrow('no more');
  });

  test('leaving early waits for what is under way', async () => {
    let ended = 0;
    for await (const _ of orderedMap(numbers(10), 3, async () => {
      await turns(2);
      ended += 1;
    })) {
      break;
    }
    const after = ended;
    await turns(10);
    expect(ended).toBe(after);
  });
});
