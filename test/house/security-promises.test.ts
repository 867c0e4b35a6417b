import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');
const NAMED_TESTS = /`([\w./-]+\.ts)`:((?:\s+"[^"]+",?)+)/g;

test('every test that docs/security.md names for a promise is there', () => {
  const named = [...read('docs/security.md').matchAll(NAMED_TESTS)].flatMap(([, path, titles]) =>
    [...titles!.matchAll(/"([^"]+)"/g)].map(([, title]) => [path!, title!] as const),
  );
  expect(named.length).toBeGreaterThan(40);
  const isThere = ([path, title]: readonly [string, string]) => read(path).includes(`'${title}'`);
  expect(named.filter((each) => !isThere(each))).toEqual([]);
});

test('each promise names one at least', () => {
  const [, promises = ''] = read('docs/security.md').split('## What is promised');
  const items = promises.split('\n## ')[0]!.split('\n- ').slice(1);
  expect(items.length).toBeGreaterThan(10);
  expect(items.filter((item) => item.match(NAMED_TESTS) === null)).toEqual([]);
});
