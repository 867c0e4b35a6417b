import { describe, expect, test } from '@jest/globals';
import { groupCommit } from '../src/group-commit.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('group commit', () => {
  test('what is asked for while a group is under way shares the next one, in order and at most so many', async () => {
    const groups: number[][] = [];
    const double = groupCommit(3, async (items: readonly number[]) => {
      groups.push([...items]);
      await turn();
      return items.map((item) => item * 2);
    });
    expect(await Promise.all([1, 2, 3, 4, 5].map(double))).toEqual([2, 4, 6, 8, 10]);
    expect(groups).toEqual([[1], [2, 3, 4], [5]]);
  });

  test('groups never overlap', async () => {
    let open = 0;
    let most = 0;
    const work = groupCommit(2, async (items: readonly number[]) => {
      open += 1;
      most = Math.max(most, open);
      await turn();
      open -= 1;
      return items;
    });
    await Promise.all(Array.from({ length: 20 }, (_, index) => work(index)));
    expect(most).toBe(1);
  });

  test('one bad item fails alone, and the next groups go on', async () => {
    const work = groupCommit(8, async (items: readonly string[]) => {
      await turn();
      if (items.includes('bad')) throw new Error('bad item');
      return items;
    });
    const results = await Promise.allSettled(['a', 'b', 'bad', 'c'].map(work));
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    await expect(work('d')).resolves.toBe('d');
  });
});
