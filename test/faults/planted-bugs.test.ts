import { expect, test } from '@jest/globals';
import { editedSources } from './edited-sources.ts';
import { PLANTED_BUGS } from './planted-bugs.ts';

test.each(PLANTED_BUGS)('"$name" can be planted in the present sources', ({ name, ...bug }) => {
  const edits = [...(bug.mishap ?? []), ...bug.edits];
  const files = new Set(edits.map(({ file }) => file));
  expect(editedSources(name, edits).size).toBe(files.size);
});

test('a bug whose text is gone is refused by name', () => {
  const edits = [{ file: 'package.json', find: 'no such text', replace: '' }];
  expect(() => editedSources('a bug', edits)).toThrow('"a bug" cannot be planted: package.json');
});

test('every bug has a name of its own, and there are ten at least', () => {
  const names = new Set(PLANTED_BUGS.map(({ name }) => name));
  expect(names.size).toBe(PLANTED_BUGS.length);
  expect(names.size).toBeGreaterThanOrEqual(10);
});
