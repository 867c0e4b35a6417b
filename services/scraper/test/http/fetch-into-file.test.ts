import type { FileHandle } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from '@jest/globals';
import { createSpool } from '../../src/sources/spool.ts';
import { body, endless, manyTimes } from '../local-site.ts';
import { localFetchers } from './local-fetchers.ts';

const { site, fetcher, close, closing } = localFetchers();
afterEach(close);

test('a body for a file is written there as it came, anew with each attempt, up to its limit', async () => {
  let attempts = 0;
  const { origin } = await site({
    '/packed': (_, response) => {
      attempts += 1;
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': 6 });
      if (attempts === 1) response.write('abc', () => response.destroy());
      else response.end('defghi');
    },
    '/long': body('a'.repeat(100)),
  });
  const spool = createSpool();
  closing.push(spool.close);
  const into = await spool.open();
  const { signal } = new AbortController();
  const { fetcher: from } = fetcher();
  const options = { accept: '*/*', maxBytes: 6, into, signal };
  const { headers, body: held } = await from.get(new URL(`${origin}/packed`), options);
  expect([attempts, headers['content-encoding'], held.length]).toEqual([2, 'gzip', 0]);
  const { buffer, bytesRead } = await into.read(Buffer.alloc(99), 0, 99, 0);
  expect(buffer.toString('utf8', 0, bytesRead)).toBe('defghi');
  await expect(from.get(new URL(`${origin}/long`), options)).rejects.toMatchObject({
    rejection: 'TOO_LARGE',
  });
});

test('a packed body of nothing without end is written up to its limit', async () => {
  const answer = endless(manyTimes(gzipSync(''), 1000), { 'content-encoding': 'gzip' });
  const { origin } = await site({ '/endless': answer.handler });
  const spool = createSpool();
  closing.push(spool.close);
  const into = await spool.open();
  const { signal } = new AbortController();
  const options = { accept: '*/*', maxBytes: 100_000, into, signal };
  const getting = fetcher().fetcher.get(new URL(`${origin}/endless`), options);
  await expect(getting).rejects.toMatchObject({ rejection: 'TOO_LARGE' });
  expect((await into.stat()).size).toBeLessThanOrEqual(100_000);
  expect(answer.sentBytes()).toBeLessThan(20_000_000);
});

test('a disk that is full is no fault of the source', async () => {
  const { origin } = await site({ '/a': body('a') });
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
  const into = {
    truncate: async () => {},
    appendFile: () => Promise.reject(full),
  } as unknown as FileHandle;
  const { signal } = new AbortController();
  const { fetcher: from, sleeps } = fetcher();
  const getting = from.get(new URL(`${origin}/a`), { accept: '*/*', maxBytes: 6, into, signal });
  await expect(getting).rejects.toMatchObject({ reason: 'STORAGE_FULL', retryable: true });
  expect(sleeps).toEqual([]);
});
