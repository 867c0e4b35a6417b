import { afterEach, expect, jest, test } from '@jest/globals';
import type { Fetcher } from '../../src/http/fetcher.ts';
import { body, type Handler } from '../local-site.ts';
import { localFetchers } from './local-fetchers.ts';

const { site, fetcher, close } = localFetchers();
afterEach(close);

/** The body, or why there is none. */
function told(from: Fetcher, url: string): Promise<string> {
  const { signal } = new AbortController();
  return from.get(new URL(url), { accept: '*/*', maxBytes: 10_000, signal }).then(
    (fetched) => fetched.body.toString(),
    (error: { rejection: string }) => error.rejection,
  );
}

/** `setTimeout` waits for `jest.advanceTimersByTime`; sockets and streams go on by themselves. */
function fakeTimeouts(): void {
  jest.useFakeTimers({
    doNotFake: [
      'Date',
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
      'setInterval',
      'clearInterval',
    ],
  });
}

test('a body that does not come in time is not asked for again', async () => {
  const local = await site({
    '/robots.txt': body(''),
    '/drip': (_, response) => response.write('x'),
  });
  fakeTimeouts();
  try {
    // Taken as soon as the head has come.
    const take = async () => {
      setImmediate(() => jest.advanceTimersByTime(5_000));
    };
    const { signal } = new AbortController();
    const options = { accept: '*/*', maxBytes: 10, memory: { take, keep: () => {} }, signal };
    const got = fetcher().fetcher.get(new URL(`${local.origin}/drip`), options);
    await expect(got).rejects.toMatchObject({ rejection: 'TIMEOUT' });
    expect(local.requests).toEqual(['/robots.txt', '/drip']);
  } finally {
    jest.useRealTimers();
  }
});

test('a host that takes its time and gives nothing is left, another is not', async () => {
  let time = 0;
  const other = await site({ '/a': body('here') });
  const busy = await site({
    '/robots.txt': body(''),
    ...Object.fromEntries(
      Array.from({ length: 20 }, (_, i): [string, Handler] => [
        `/${i}`,
        ({ socket }) => {
          time += 29_000;
          socket.destroy();
        },
      ]),
    ),
  });
  const clock = { now: () => time, sleep: async () => {}, requestTimeoutMs: 30_000 };
  const { fetcher: subject } = fetcher(clock);
  const codes: string[] = [];
  for (let i = 0; i < 20; i += 1) codes.push(await told(subject, `${busy.origin}/${i}`));
  expect([codes.at(0), codes.at(-1)]).toEqual(['UNREACHABLE', 'TIMEOUT']);
  expect(time).toBeLessThan(1_000_000);
  expect(await told(subject, `${other.origin}/a`)).toBe('here');
});
