import { expect, test } from '@jest/globals';
import { Health } from '../src/index.ts';

test('ready only after start-up and while every dependency answers', async () => {
  let there = true;
  const health = new Health([
    {
      name: 'database',
      check: async () => (there ? undefined : Promise.reject(new Error('host 10.0.0.7 gone'))),
    },
  ]);
  expect((await health.readiness()).ok).toBe(false);
  health.markReady();
  expect((await health.readiness()).ok).toBe(true);
  there = false;
  // The name tells enough; addresses stay inside.
  expect(await health.readiness()).toEqual({ ok: false, state: 'ready', failing: ['database'] });
});

test('a dependency that never answers counts as failing', async () => {
  const health = new Health([{ name: 'bus', check: () => new Promise(() => {}) }], 10);
  health.markReady();
  expect((await health.readiness()).failing).toEqual(['bus']);
});

test('draining is final: a late start-up does not make it ready again', async () => {
  const health = new Health([]);
  health.markDraining();
  health.markReady();
  expect((await health.readiness()).ok).toBe(false);
});
