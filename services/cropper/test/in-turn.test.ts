import { describe, expect, test } from '@jest/globals';
import { inTurn } from '../src/in-turn.ts';

describe('work in turn', () => {
  test('lets the event loop go on between two calls', async () => {
    const seen: string[] = [];
    const work = inTurn((name: string) => seen.push(name));
    let turns = 0;
    const count = (): void => {
      turns += 1;
      seen.push(`turn`);
      if (turns < 10) setImmediate(count);
    };
    setImmediate(count);
    await Promise.all(['a', 'b', 'c'].map(work));
    const names = seen.filter((entry) => entry !== 'turn');
    expect(names).toEqual(['a', 'b', 'c']);
    expect(seen.indexOf('b') - seen.indexOf('a')).toBeGreaterThan(1);
    expect(seen.indexOf('c') - seen.indexOf('b')).toBeGreaterThan(1);
  });

  test('a call that throws fails alone', async () => {
    const work = inTurn((value: number) => {
      if (value === 2) throw new Error('two');
      return value;
    });
    const results = await Promise.allSettled([1, 2, 3].map(work));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});
