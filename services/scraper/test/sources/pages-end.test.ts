import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { Fetcher } from '../../src/http/fetcher.ts';
import { openPages } from '../../src/sources/pages.ts';
import { heldBytes } from '../held-memory.ts';
import { type Handler, html } from '../local-site.ts';
import { options, page, site, tell } from './crawled-pages.ts';

describe('the end of a crawl', () => {
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

  test('reads one page at a time, and none that has come while many items wait', async () => {
    const many = (name: string) =>
      html(Array.from({ length: 100 }, (_, n) => `<img src="/${name}${n}.jpg">`).join(''));
    const { origin } = await site({
      '/': html('<a href="/a">a</a><a href="/b">b</a>'),
      '/a': many('a'),
      '/b': many('b'),
    });
    const given = options(`${origin}/`);
    let read = 0;
    const parser: typeof given.parser = {
      run: (task, input) => {
        if (task === 'page') read += 1;
        return given.parser.run(task, input);
      },
    };
    const seen: string[] = [];
    for await (const item of openPages({ ...given, parser }).items) {
      if (seen.length === 0) {
        await sleep(200);
        expect(read).toBe(2);
      }
      seen.push(item.key);
    }
    expect([new Set(seen).size, read]).toEqual([200, 3]);
  });

  test('what it took is given back, although its source is kept', async () => {
    const { origin } = await site({ '/': html('<img src="/1.jpg">') });
    const crawl = async () => {
      const opened = openPages(options(`${origin}/`));
      for await (const _ of opened.items);
      return opened;
    };
    // The first one loads the crawler.
    const kept = [await crawl()];
    const before = heldBytes();
    for (let crawls = 0; crawls < 5; crawls += 1) kept.push(await crawl());
    expect(heldBytes() - before).toBeLessThan(10_000_000);
    expect(kept).toHaveLength(6);
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
