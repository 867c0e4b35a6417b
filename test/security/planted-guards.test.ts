import { expect, test } from '@jest/globals';
import { editedSources } from '../faults/edited-sources.ts';
import { CLASSES } from './classes/all-classes.ts';
import { chosen } from './input.ts';
import { OWN_THREADS, PLANTED_GAPS } from './planted-guards.ts';

test.each(PLANTED_GAPS)(
  '"$name" can be planted in the present sources',
  ({ name, edits, only }) => {
    const all = [...edits, ...OWN_THREADS];
    expect(editedSources(name, all).size).toBe(all.length);
    expect(chosen(CLASSES, only).length).toBeGreaterThan(0);
  },
);

test('there are ten gaps at least, each with a name of its own', () => {
  const names = new Set(PLANTED_GAPS.map(({ name }) => name));
  expect(names.size).toBe(PLANTED_GAPS.length);
  expect(names.size).toBeGreaterThanOrEqual(10);
});
