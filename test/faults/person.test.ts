import { expect, test } from '@jest/globals';
import { personAmong } from './person.ts';

test('a person does an eighth of what happens, cancels as often as retries, and never nothing', () => {
  const shareAmong = (cards: number): number => {
    const others = { name: 'others', kinds: Array.from({ length: cards }, () => 'kill' as const) };
    const { kinds } = personAmong([others]);
    const cancels = kinds.filter((kind) => kind === 'cancel').length;
    expect(cancels).toBe(kinds.filter((kind) => kind === 'retry').length);
    expect(cancels).toBeGreaterThan(0);
    return kinds.length / cards;
  };
  expect(shareAmong(160)).toBeCloseTo(1 / 8, 2);
  expect(shareAmong(1)).toBe(2);
});
