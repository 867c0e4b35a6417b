import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { readyTogether } from '../src/ready-together.ts';

async function groupsOf<T>(items: AsyncGenerator<T>, max = 3): Promise<(readonly T[])[]> {
  const groups: (readonly T[])[] = [];
  for await (const group of readyTogether(items, max)) groups.push(group);
  return groups;
}

describe('items that are ready together', () => {
  test('form groups of a bounded length, in their order', async () => {
    async function* items() {
      for (let n = 0; n < 7; n += 1) yield n;
    }
    expect(await groupsOf(items())).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
  });

  test('do not wait for those that come later', async () => {
    async function* items() {
      yield* [1, 2];
      await sleep(50);
      yield* [3, 4];
    }
    expect(await groupsOf(items())).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test('come before the error of their source', async () => {
    async function* items() {
      yield* [1, 2];
      throw new Error('a fault');
    }
    const groups: (readonly number[])[] = [];
    const collect = async () => {
      for await (const group of readyTogether(items(), 3)) groups.push(group);
    };
    await expect(collect()).rejects.toThrow('a fault');
    expect(groups).toEqual([[1, 2]]);
  });

  test('of a source that is left are ended', async () => {
    let isEnded = false;
    async function* items() {
      try {
        for (let n = 0; ; n += 1) yield n;
      } finally {
        isEnded = true;
      }
    }
    for await (const _ of readyTogether(items(), 3)) break;
    expect(isEnded).toBe(true);
  });
});
