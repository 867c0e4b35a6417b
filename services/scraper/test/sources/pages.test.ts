import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createAddressGuard } from '../../src/http/address-guard.ts';
import { createFetcher, type Fetcher } from '../../src/http/fetcher.ts';
import { openPages, type PagesOptions } from '../../src/sources/pages.ts';
import type { SourceItem } from '../../src/sources/source-item.ts';
import { inProcessParser } from '../in-process-parser.ts';
import { body, type Handler, html, image, type LocalSite, startLocalSite } from '../local-site.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function site(routes: Record<string, Handler>): Promise<LocalSite> {
  const started = await startLocalSite(routes);
  closing.push(() => started.close());
  return started;
}

function options(url: string, change: Partial<PagesOptions> = {}): PagesOptions {
  const fetcher = createFetcher({
    guard: createAddressGuard(['127.0.0.1']),
    parser: inProcessParser,
    userAgent: 'DeepStyle/1.0',
    hostConcurrency: 4,
    requestTimeoutMs: 5_000,
    retries: 0,
    retryBaseMs: 1,
    now: Date.now,
    sleep: (delayMs, signal) => sleep(delayMs, undefined, { signal }),
    random: () => 0,
  });
  closing.push(() => fetcher.close());
  return {
    url,
    runId: 'run',
    season: 'FW2019',
    fetcher,
    parser: inProcessParser,
    userAgent: 'DeepStyle/1.0',
    maxPhotoBytes: 1_000_000,
    maxPages: 100,
    maxDepth: 5,
    concurrency: 4,
    signal: new AbortController().signal,
    ...change,
  };
}

async function found(url: string, change: Partial<PagesOptions> = {}): Promise<string[]> {
  const told: string[] = [];
  for await (const item of openPages(options(url, change)).items) told.push(tell(item));
  return told.sort();
}

function tell(item: SourceItem): string {
  const path = new URL(item.key).pathname;
  return item.kind === 'candidate' ? path : `${path} ${item.code}`;
}

const page = (number: number) =>
  html(`<img src="/${number}.jpg"><img src="/shared.jpg">
    <a href="/page/${number + 1}">next</a><a href="/page/${number - 1}">back</a>`);

describe('pages', () => {
  test('are followed on the same host, each once, and give each picture once', async () => {
    const other = await site({ '/': html('<img src="/other.jpg">') });
    const local = await site({
      '/page/1': page(1),
      '/page/2': page(2),
      '/page/3': html(`<img src="/3.jpg"><a href="${other.origin}/">elsewhere</a>`),
      '/page/0': html('<a href="/page/1">first</a>'),
    });
    expect(await found(`${local.origin}/page/1#top`)).toEqual([
      '/1.jpg',
      '/2.jpg',
      '/3.jpg',
      '/shared.jpg',
    ]);
    expect(local.requests.sort()).toEqual([
      '/page/0',
      '/page/1',
      '/page/2',
      '/page/3',
      '/robots.txt',
    ]);
    expect(other.requests).toEqual([]);
  });

  test('without an end stop at the depth and at the number of pages', async () => {
    const routes: Record<string, Handler> = {};
    for (let i = -1; i < 100; i += 1) routes[`/page/${i}`] = page(Math.max(0, i));
    const { origin } = await site(routes);
    expect(await found(`${origin}/page/0`, { maxDepth: 0 })).toHaveLength(2);
    expect(await found(`${origin}/page/0`, { maxDepth: 3 })).toHaveLength(5);
    expect(await found(`${origin}/page/0`, { maxPages: 7, maxDepth: 99 })).toHaveLength(7);
  });

  test('that follow each other in a listing are all of one depth', async () => {
    const routes: Record<string, Handler> = {};
    for (let i = 0; i < 9; i += 1) {
      const next = i === 8 ? '' : `<a rel="next" href="/list/${i + 1}">more</a>`;
      routes[`/list/${i}`] = html(`<img src="/${i}.jpg"><a href="/about">about</a>${next}`);
    }
    const { origin } = await site({
      ...routes,
      '/about': html('<img src="/about.jpg"><a href="/team">team</a>'),
      '/team': html('<img src="/team.jpg">'),
    });
    const all = await found(`${origin}/list/0`, { maxDepth: 1 });
    expect(all).toHaveLength(10);
    expect(all).toContain('/8.jpg');
    expect(all).toContain('/about.jpg');
    expect(all).not.toContain('/team.jpg');
    expect(await found(`${origin}/list/0`, { maxDepth: 0 })).toHaveLength(9);
    expect(await found(`${origin}/list/0`, { maxPages: 4 })).toHaveLength(4);
  });

  test('that differ only in a parameter are different pages', async () => {
    const { origin } = await site({
      '/?page=1&utm_source=x': html('<img src="/1.jpg"><a href="/?page=2">2</a>'),
      '/?page=2': html('<img src="/2.jpg">'),
    });
    expect(await found(`${origin}/?page=1&utm_source=x`)).toEqual(['/1.jpg', '/2.jpg']);
  });

  test('that are missing, forbidden, broken or opted out are told, and the others stand', async () => {
    const { origin } = await site({
      '/robots.txt': body('User-agent: *\nDisallow: /private/'),
      '/': html(`<img src="/1.jpg"><a href="/gone">g</a><a href="/private/">p</a><a href="/broken">b</a>
        <a href="/noai">n</a><a href="/meta">m</a>`),
      '/broken': body('', {}, 500),
      '/noai': html('<img src="/2.jpg">', { 'x-robots-tag': 'noai' }),
      '/meta': html('<meta name="robots" content="noimageindex"><img src="/3.jpg">'),
    });
    expect(await found(`${origin}/`)).toEqual([
      '/1.jpg',
      '/broken HTTP_STATUS',
      '/gone HTTP_STATUS',
      '/meta OPTED_OUT',
      '/noai OPTED_OUT',
      '/private/ ROBOTS_DISALLOWED',
    ]);
  });

  test('a start page that redirects elsewhere is told, and the place is not collected from', async () => {
    const other = await site({ '/': html('<img src="/other.jpg">') });
    const { origin } = await site({ '/': body('', { location: `${other.origin}/` }, 302) });
    expect(await found(`${origin}/`)).toEqual(['/ NOT_AN_IMAGE']);
  });

  test('a start address that is a picture is that picture; a document is none', async () => {
    const { origin } = await site({
      '/a.jpg': image(Buffer.from('bytes')),
      '/a.pdf': body('%PDF', { 'content-type': 'application/pdf' }),
    });
    expect(await found(`${origin}/a.jpg`)).toEqual(['/a.jpg']);
    expect(await found(`${origin}/a.pdf`)).toEqual(['/a.pdf NOT_AN_IMAGE']);
  });

  test('that show several seasons give the pictures of this one', async () => {
    const { origin } = await site({
      '/': html(`<figure data-season="fw2019"><img src="/1.jpg"></figure>
        <figure data-season="SS2019"><img src="/2.jpg"></figure>
        <figure data-season="undated"><img src="/3.jpg"></figure>`),
    });
    expect(await found(`${origin}/`)).toEqual(['/1.jpg', '/3.jpg']);
  });

  test('that cost too much are told by name, and the others stand', async () => {
    const { origin } = await site({
      '/': html('<img src="/1.jpg"><a href="/deep">d</a><a href="/long">l</a><a href="/2">2</a>'),
      '/deep': html(`<p>${'<b a=i>'.repeat(1000)}${'<p>x'.repeat(1000)}`),
      '/long': html(`<img src="/3.jpg">${' '.repeat(5_000_000)}`),
      '/2': html('<img src="/2.jpg">'),
    });
    expect(await found(`${origin}/`)).toEqual([
      '/1.jpg',
      '/2.jpg',
      '/deep TOO_COSTLY',
      '/long TOO_LARGE',
    ]);
    expect(await found(`${origin}/long`)).toEqual(['/long TOO_LARGE']);
  });

  test('of many links hand over as many as will be read', async () => {
    const links = Array.from({ length: 5000 }, (_, n) => `<a href="/page/${n}">${n}</a>`);
    const local = await site({ '/': html(links.join('')) });
    const missing = await found(`${local.origin}/`, { maxPages: 20 });
    expect(missing.length).toBeLessThanOrEqual(20 + 4);
    expect(local.requests.length).toBeLessThanOrEqual(1 + 20 + 4);
  });

  test('in another charset are read in it', async () => {
    const { origin } = await site({
      '/': body(Buffer.from('<img src="/1.jpg" alt="Robe \xe9t\xe9">', 'latin1'), {
        'content-type': 'text/html; charset=iso-8859-1',
      }),
    });
    const items: SourceItem[] = [];
    for await (const item of openPages(options(`${origin}/`)).items) items.push(item);
    expect(items).toMatchObject([{ claims: { title: 'Robe été' }, source: `${origin}/` }]);
  });

  test('two crawls at the same time do not mix', async () => {
    const sites = await Promise.all(
      ['a', 'b'].map((name) =>
        site({
          '/': html(`<img src="/${name}0.jpg"><a href="/1">1</a><a href="/2">2</a>`),
          '/1': html(`<img src="/${name}1.jpg">`),
          '/2': html(`<img src="/${name}2.jpg">`),
        }),
      ),
    );
    const results = await Promise.all(sites.map(({ origin }) => found(`${origin}/`)));
    expect(results).toEqual([
      ['/a0.jpg', '/a1.jpg', '/a2.jpg'],
      ['/b0.jpg', '/b1.jpg', '/b2.jpg'],
    ]);
  });

  test('leave no storage folder behind', async () => {
    const { origin } = await site({ '/': html('<img src="/1.jpg">') });
    await found(`${origin}/`);
    expect(existsSync(join(process.cwd(), 'storage'))).toBe(false);
  });

  test('begins no further page while many items wait to be taken, and all of them later', async () => {
    const numbers = Array.from({ length: 20 }, (_, n) => n);
    const images = Array.from({ length: 100 }, (_, n) => `<img src="/start${n}.jpg">`).join('');
    const local = await site({
      '/': html(images + numbers.map((n) => `<a href="/page/${n}">${n}</a>`).join('')),
      ...Object.fromEntries(numbers.map((n) => [`/page/${n}`, html(`<img src="/${n}.jpg">`)])),
    });
    const seen: string[] = [];
    for await (const item of openPages(options(`${local.origin}/`)).items) {
      if (seen.length === 0) {
        await sleep(100);
        expect(local.requests).toEqual(['/robots.txt', '/']);
      }
      seen.push(item.key);
    }
    expect(new Set(seen).size).toBe(120);
  });

  test('a failure of its own comes after what was found before', async () => {
    const { origin } = await site({ '/': html('<img src="/1.jpg"><a href="/2">2</a>') });
    const given = options(`${origin}/`);
    const { fetcher } = given;
    const broken: Fetcher = {
      ...fetcher,
      get: (url, ...rest) =>
        url.pathname === '/2' ? Promise.reject(new Error('a fault')) : fetcher.get(url, ...rest),
    };
    const told: string[] = [];
    const collect = async () => {
      for await (const item of openPages({ ...given, fetcher: broken }).items)
        told.push(tell(item));
    };
    await expect(collect()).rejects.toThrow('a fault');
    expect(told).toEqual(['/1.jpg']);
  });

  test('a reader that leaves ends the crawl', async () => {
    const routes: Record<string, Handler> = {};
    for (let i = 0; i < 500; i += 1) routes[`/page/${i}`] = page(i);
    const local = await site(routes);
    const { items } = openPages(
      options(`${local.origin}/page/0`, { maxPages: 500, maxDepth: 500 }),
    );
    for await (const _ of items) break;
    const requests = local.requests.length;
    await sleep(100);
    expect(local.requests).toHaveLength(requests);
  });

  test('an abort ends it too, without an error of its own', async () => {
    const { origin } = await site({
      '/': html('<img src="/1.jpg"><a href="/slow">s</a>'),
      '/slow': () => {},
    });
    const ending = new AbortController();
    const told: string[] = [];
    for await (const item of openPages(options(`${origin}/`, { signal: ending.signal })).items) {
      told.push(tell(item));
      ending.abort(new Error('stopped'));
    }
    expect(told).toEqual(['/1.jpg']);
  });

  test('Ctrl-C, on which the crawler ends as if it were done, is not taken for the end', async () => {
    const { origin } = await site({
      '/': html('<img src="/1.jpg"><a href="/slow">s</a>'),
      '/slow': () => {},
    });
    const keep = () => {};
    process.on('SIGINT', keep);
    try {
      const collect = async () => {
        const { items } = openPages(options(`${origin}/`));
        // The crawler's own listeners get the signal, not this process.
        for await (const _ of items) process.emit('SIGINT');
      };
      await expect(collect()).rejects.toMatchObject({ code: 'CANCELLED' });
    } finally {
      process.off('SIGINT', keep);
    }
  }, 20_000);
});
