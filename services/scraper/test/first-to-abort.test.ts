import { getMaxListeners } from 'node:events';
import { expect, test } from '@jest/globals';
import { firstToAbort } from '../src/first-to-abort.ts';
import { openPages } from '../src/sources/pages.ts';
import { options } from './sources/crawled-pages.ts';

test('aborts with the first, and expects as many to wait for it as are said', () => {
  const [a, b] = [new AbortController(), new AbortController()];
  const first = firstToAbort([a.signal, b.signal], 16);
  expect(getMaxListeners(first)).toBe(16);
  b.abort(new Error('over'));
  expect(first.reason).toEqual(new Error('over'));
});

test('a crawl of many pages at once expects them all to wait for its end', async () => {
  const expected: number[] = [];
  const pages = openPages({
    ...options('http://site.test/', { concurrency: 16 }),
    fetcher: {
      get: async (url, { signal }) => {
        expected.push(getMaxListeners(signal));
        return { url, headers: { 'content-type': 'text/html' }, body: Buffer.alloc(0) };
      },
      close: async () => {},
    },
  });
  for await (const item of pages.items) expect(item).toBeUndefined();
  expect(expected).toEqual([16]);
});
