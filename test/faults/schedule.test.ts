import { expect, test } from '@jest/globals';
import { endOf, type FaultKind, planFaults } from './schedule.ts';

const PROCESS: readonly FaultKind[] = ['kill', 'stop', 'restart', 'pause'];
const OPTIONS = {
  seed: 1,
  lengthMs: 600_000,
  gapMs: [2_000, 6_000],
  targets: [
    { name: 'cropper', kinds: PROCESS },
    { name: 'scraper', kinds: PROCESS },
    { name: 'postgres', kinds: [...PROCESS, 'credentials', 'cut'] },
  ],
} as const;

test('the same seed gives the same faults, another one others', () => {
  expect(planFaults(OPTIONS)).toEqual(planFaults(OPTIONS));
  expect(planFaults({ ...OPTIONS, seed: 2 })).not.toEqual(planFaults(OPTIONS));
});

test('every kind befalls every target that it can befall', () => {
  const faults = planFaults(OPTIONS);
  const seen = new Set(faults.map(({ kind, target }) => `${kind} ${target}`));
  const wanted = OPTIONS.targets.flatMap(({ name, kinds }) =>
    kinds.map((kind) => `${kind} ${name}`),
  );
  expect([...seen].sort()).toEqual(wanted.sort());
});

test('a target has one fault at a time, and two targets at most have one', () => {
  for (let seed = 0; seed < 20; seed += 1) {
    const faults = planFaults({ ...OPTIONS, seed });
    for (const fault of faults) {
      const others = faults.filter((other) => other !== fault);
      const underWay = others.filter(
        (other) => other.atMs <= fault.atMs && endOf(other) >= fault.atMs,
      );
      expect(underWay.map(({ target }) => target)).not.toContain(fault.target);
      expect(underWay.length).toBeLessThan(2);
    }
  }
});

test('all faults are over at the end, and come in the order of their time', () => {
  const faults = planFaults(OPTIONS);
  expect(Math.max(...faults.map(endOf))).toBeLessThanOrEqual(OPTIONS.lengthMs);
  const times = faults.map(({ atMs }) => atMs);
  expect(times).toEqual([...times].sort((a, b) => a - b));
});

test('a kind that is named twice comes twice as often', () => {
  const targets = [{ name: 'deepstyle', kinds: ['kill', 'kill', 'pause'] as const }];
  const faults = planFaults({ ...OPTIONS, targets });
  const count = (kind: FaultKind) => faults.filter((fault) => fault.kind === kind).length;
  expect(count('kill') - 2 * count('pause')).toBeGreaterThanOrEqual(-2);
  expect(count('kill') - 2 * count('pause')).toBeLessThanOrEqual(2);
});

test('where nothing can befall anything there are no faults', () => {
  expect(planFaults({ ...OPTIONS, targets: [{ name: 'cropper', kinds: [] }] })).toEqual([]);
  expect(planFaults({ ...OPTIONS, lengthMs: 0 })).toEqual([]);
});
