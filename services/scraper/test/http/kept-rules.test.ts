import { expect, test } from '@jest/globals';
import { KeptRules } from '../../src/http/kept-rules.ts';

const rules = () => ({ allowed: true, crawlDelayMs: 0 });

/** How often each of the origins was read. */
function readings(bytes: number) {
  const kept = new KeptRules();
  const reads = new Map<string, number>();
  const ask = (origin: string) =>
    kept.of(origin, async () => {
      reads.set(origin, (reads.get(origin) ?? 0) + 1);
      return { rules, bytes };
    });
  return { ask, reads };
}

test('the rules of an origin are read once, also where they are asked for meanwhile', async () => {
  const { ask, reads } = readings(100);
  await Promise.all([ask('a'), ask('a')]);
  await ask('a');
  expect(reads.get('a')).toBe(1);
});

test('long ones of many origins are not all kept: what was used last is', async () => {
  const { ask, reads } = readings(500_000);
  for (let origin = 0; origin < 100; origin += 1) {
    await ask(String(origin));
    await ask('0');
  }
  await ask('99');
  await ask('1');
  expect([reads.get('0'), reads.get('99'), reads.get('1')]).toEqual([1, 1, 2]);
});

test('short ones of a thousand origins are kept, and no more', async () => {
  const { ask, reads } = readings(100);
  for (let origin = 0; origin <= 1000; origin += 1) await ask(String(origin));
  await ask('1000');
  await ask('0');
  expect([reads.get('1000'), reads.get('0')]).toEqual([1, 2]);
});
