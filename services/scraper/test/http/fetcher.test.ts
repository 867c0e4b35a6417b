import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Fetcher } from '../../src/http/fetcher.ts';
import { body, endless, type Handler, manyTimes, startLocalSite } from '../local-site.ts';
import { localFetchers } from './local-fetchers.ts';

const { site, fetcher, close } = localFetchers();
afterEach(close);

function get(from: Fetcher, url: string, maxBytes = 10_000): Promise<string> {
  const { signal } = new AbortController();
  return from.get(new URL(url), { accept: '*/*', maxBytes, signal }).then(
    (fetched) => fetched.body.toString(),
    (error: { rejection?: string; message: string }) => error.rejection ?? error.message,
  );
}

describe('a fetcher', () => {
  test('names itself and brings the body', async () => {
    const { origin } = await site({
      '/a': (request, response) =>
        response.end(`${request.headers['user-agent']} ${request.headers['accept-encoding']}`),
    });
    expect(await get(fetcher().fetcher, `${origin}/a`)).toBe('DeepStyle/1.0 identity');
  });

  test('a status that stays bad is told at once where waiting does not help', async () => {
    const local = await site({ '/gone': body('', {}, 410) });
    expect(await get(fetcher().fetcher, `${local.origin}/gone`)).toBe('HTTP_STATUS');
    expect(local.requests).toEqual(['/robots.txt', '/gone']);
  });

  test('5xx and 429 are tried again, with growing waits and no less than Retry-After', async () => {
    const answers: Handler[] = [
      body('', {}, 503),
      body('', { 'retry-after': '7' }, 429),
      // A zero must not switch the own wait off.
      body('', { 'retry-after': '0' }, 429),
      body('here'),
    ];
    const { origin } = await site({ '/a': (...call) => answers.shift()?.(...call) });
    const { fetcher: subject, sleeps } = fetcher();
    expect(await get(subject, `${origin}/a`)).toBe('here');
    expect(sleeps).toEqual([50, 7_000, 200]);
  });

  test('a host that asks for hours is not waited for', async () => {
    const { origin } = await site({ '/a': body('', { 'retry-after': '7200' }, 429) });
    const { fetcher: subject, sleeps } = fetcher();
    expect(await get(subject, `${origin}/a`)).toBe('HTTP_STATUS');
    expect(sleeps).toEqual([]);
  });

  test('a host that only ever asks for pauses is left, whatever is still wanted of it', async () => {
    const other = await site({});
    const busy = await site({
      '/robots.txt': body(''),
      ...Object.fromEntries(
        Array.from({ length: 20 }, (_, i) => [`/${i}`, body('', { 'retry-after': '120' }, 503)]),
      ),
    });
    const { fetcher: subject, sleeps } = fetcher();
    const told: string[] = [];
    for (let i = 0; i < 20; i += 1) told.push(await get(subject, `${busy.origin}/${i}`));
    expect(told.slice(0, 2)).toEqual(['HTTP_STATUS', 'HTTP_STATUS']);
    expect(told.slice(2)).toEqual(Array.from({ length: 18 }, () => 'TIMEOUT'));
    expect(sleeps.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(900_000);
    expect(await get(subject, `${other.origin}/none`)).toBe('HTTP_STATUS');
  });

  test('attempts end', async () => {
    const local = await site({ '/a': body('', {}, 500) });
    expect(await get(fetcher().fetcher, `${local.origin}/a`)).toBe('HTTP_STATUS');
    expect(local.requests.filter((path) => path === '/a')).toHaveLength(4);
  });

  test('a broken connection is tried again', async () => {
    let calls = 0;
    const { origin } = await site({
      '/a': (request, response) => {
        calls += 1;
        if (calls === 1) request.socket.destroy();
        else response.end('here');
      },
    });
    expect(await get(fetcher().fetcher, `${origin}/a`)).toBe('here');
  });

  test('nobody there is unreachable', async () => {
    const local = await startLocalSite({});
    await local.close();
    expect(await get(fetcher({ retries: 0 }).fetcher, `${local.origin}/a`)).toBe('UNREACHABLE');
  });

  test('a name without an address is not tried again', async () => {
    const { fetcher: subject, sleeps } = fetcher();
    expect(await get(subject, 'http://no-such-host.invalid/a')).toBe('UNREACHABLE');
    expect(sleeps).toEqual([]);
  });

  test('an answer that never comes, or never ends, is a timeout', async () => {
    const { origin } = await site({
      '/silent': () => {},
      '/drip': (_, response) => {
        const drip = setInterval(() => response.write('x'), 20);
        response.on('close', () => clearInterval(drip));
      },
    });
    const { fetcher: subject } = fetcher({ requestTimeoutMs: 150, retries: 1 });
    expect(await get(subject, `${origin}/silent`)).toBe('TIMEOUT');
    expect(await get(subject, `${origin}/drip`)).toBe('TIMEOUT');
  });

  test.each([
    ['a body', {}, Buffer.alloc(16_384)],
    ['a packed body of nothing', { 'content-encoding': 'gzip' }, manyTimes(gzipSync(''), 1000)],
  ])('%s without end is left as soon as it is too long', async (_, headers, chunk) => {
    const answer = endless(chunk, headers);
    const { origin } = await site({ '/endless': answer.handler });
    expect(await get(fetcher().fetcher, `${origin}/endless`, 100_000)).toBe('TOO_LARGE');
    expect(answer.sentBytes()).toBeLessThan(20_000_000);
  });

  test('a body that unpacks to too much is too large, one that fits is unpacked', async () => {
    const packed = (size: number) =>
      body(gzipSync(Buffer.alloc(size, 'a')), { 'content-encoding': 'gzip' });
    const { origin } = await site({ '/bomb': packed(5_000_000), '/small': packed(3) });
    expect(await get(fetcher().fetcher, `${origin}/bomb`)).toBe('TOO_LARGE');
    expect(await get(fetcher().fetcher, `${origin}/small`)).toBe('aaa');
  });

  test('an abort ends the waiting with its own reason', async () => {
    const { origin } = await site({ '/silent': () => {} });
    const ending = new AbortController();
    const waiting = fetcher().fetcher.get(new URL(`${origin}/silent`), {
      accept: '*/*',
      maxBytes: 10,
      signal: ending.signal,
    });
    setTimeout(() => ending.abort(new Error('stopped')), 50);
    await expect(waiting).rejects.toThrow('stopped');
  });
});

describe('redirects', () => {
  test('are followed, also to another path of robots.txt', async () => {
    const { origin } = await site({
      '/robots.txt': body('', { location: '/r.txt' }, 301),
      '/r.txt': body('User-agent: *\nDisallow: /closed\n'),
      '/a': body('', { location: '/b' }, 302),
      '/b': body('there'),
      '/c': body('', { location: '/closed' }, 302),
    });
    expect(await get(fetcher().fetcher, `${origin}/a`)).toBe('there');
    expect(await get(fetcher().fetcher, `${origin}/c`)).toBe('ROBOTS_DISALLOWED');
  });

  test('in a circle end', async () => {
    const { origin } = await site({ '/a': body('', { location: '/a' }, 302) });
    expect(await get(fetcher().fetcher, `${origin}/a`)).toBe('TOO_MANY_REDIRECTS');
  });

  test('lead neither to another scheme nor to a private address', async () => {
    const { origin } = await site({
      '/file': body('', { location: 'file:///etc/passwd' }, 302),
      '/meta': body('', { location: 'http://169.254.169.254/latest/' }, 302),
      '/login': body('', { location: 'http://user:secret@127.0.0.1/' }, 302),
    });
    expect(await get(fetcher().fetcher, `${origin}/file`)).toBe('UNSUPPORTED_URL');
    expect(await get(fetcher().fetcher, `${origin}/meta`)).toBe('PRIVATE_ADDRESS');
    expect(await get(fetcher().fetcher, `${origin}/login`)).toBe('UNSUPPORTED_URL');
  });
});

describe('private addresses', () => {
  test('are not connected to in any spelling, by name or by number', async () => {
    const local = await site({ '/a': body('secret') });
    const { port } = new URL(local.origin);
    const { fetcher: subject } = fetcher({ allowed: [] });
    for (const host of [
      '127.0.0.1',
      'localhost',
      '2130706433',
      '0x7f.1',
      '[::ffff:127.0.0.1]',
      '[::7f00:1]',
      '0',
    ]) {
      expect([host, await get(subject, `http://${host}:${port}/a`)]).toEqual([
        host,
        'PRIVATE_ADDRESS',
      ]);
    }
    expect(local.requests).toEqual([]);
  });

  test('are connected to where they are named', async () => {
    const local = await site({ '/a': body('ours') });
    const { port } = new URL(local.origin);
    expect(
      await get(fetcher({ allowed: ['localhost'] }).fetcher, `http://localhost:${port}/a`),
    ).toBe('ours');
  });
});

describe('robots.txt', () => {
  test('is read once for an origin and kept to', async () => {
    const local = await site({
      '/robots.txt': body('User-agent: *\nDisallow: /private/\n'),
      '/private/a': body('secret'),
      '/b': body('b'),
    });
    const { fetcher: subject } = fetcher();
    expect(await get(subject, `${local.origin}/private/a`)).toBe('ROBOTS_DISALLOWED');
    expect(await get(subject, `${local.origin}/b`)).toBe('b');
    expect(local.requests).toEqual(['/robots.txt', '/b']);
  });

  test('that cannot be served forbids everything', async () => {
    const { origin } = await site({ '/robots.txt': body('', {}, 500), '/a': body('a') });
    expect(await get(fetcher().fetcher, `${origin}/a`)).toBe('ROBOTS_DISALLOWED');
  });

  test('of any length is read to its limit', async () => {
    const rules = `User-agent: *\nDisallow: /x/\n${'# filler\n'.repeat(100_000)}`;
    const { origin } = await site({
      '/robots.txt': body(rules),
      '/a': body('a'),
      '/x/a': body('x'),
    });
    const { fetcher: subject } = fetcher();
    expect(await get(subject, `${origin}/a`)).toBe('a');
    expect(await get(subject, `${origin}/x/a`)).toBe('ROBOTS_DISALLOWED');
  });

  test('its crawl delay stands between the requests', async () => {
    const { origin } = await site({
      '/robots.txt': body('User-agent: *\nCrawl-delay: 2\n'),
      '/a': body('a'),
    });
    const { fetcher: subject, sleeps } = fetcher();
    for (let i = 0; i < 3; i += 1) expect(await get(subject, `${origin}/a`)).toBe('a');
    expect(sleeps).toEqual([2_000, 2_000]);
  });
});
