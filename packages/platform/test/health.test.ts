import { expect, test } from '@jest/globals';
import { Health, METRICS, measureInto } from '../src/index.ts';

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

test('a scrape tells of each check by the name of the probe whether it fails', async () => {
  const read = new Map<string, () => Promise<readonly object[]>>();
  const endMeasuring = measureInto({
    add: () => {},
    record: () => {},
    observe: ({ name }, reader) => {
      read.set(name, reader);
      return () => read.delete(name);
    },
  });
  const refused = () => Promise.reject(new Error('password authentication failed'));
  const health = new Health([
    { name: 'database', check: refused },
    { name: 'bus (write)', check: async () => undefined },
  ]);
  const stop = health.observe();
  expect(await read.get(METRICS.checkFailing.name)?.()).toEqual([
    { value: 1, labels: { check: 'database' } },
    { value: 0, labels: { check: 'bus (write)' } },
  ]);
  stop();
  endMeasuring();
  expect(read.size).toBe(0);
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

test('an answer holds for its time, so that probes do not write each', async () => {
  let asked = 0;
  let there = false;
  const check = async () => {
    asked += 1;
    if (!there) throw new Error('full');
  };
  const health = new Health([
    { name: 'database (write)', check, holdsMs: 60_000 },
    { name: 'database', check: async () => undefined },
  ]);
  health.markReady();
  expect((await health.readiness()).failing).toEqual(['database (write)']);
  there = true;
  expect((await health.readiness()).failing).toEqual(['database (write)']);
  expect(asked).toBe(1);
  const probedAnew = new Health([{ name: 'database (write)', check, holdsMs: 0 }]);
  expect((await probedAnew.readiness()).failing).toEqual([]);
});

test('a check that hangs is not begun again by each probe, and counts when it ends', async () => {
  let asked = 0;
  let end: () => void = () => undefined;
  const check = () => {
    asked += 1;
    return new Promise<void>((resolve) => {
      end = resolve;
    });
  };
  const health = new Health([{ name: 'bus', check, holdsMs: 60_000 }], 10);
  health.markReady();
  const probes = await Promise.all([health.readiness(), health.readiness()]);
  expect(probes.map(({ failing }) => failing)).toEqual([['bus'], ['bus']]);
  await health.readiness();
  expect(asked).toBe(1);
  end();
  await Promise.resolve();
  expect((await health.readiness()).failing).toEqual([]);
});
