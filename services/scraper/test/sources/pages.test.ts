import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openPages } from '../../src/sources/pages.ts';
import type { SourceItem } from '../../src/sources/source-item.ts';
import { body, type Handler, html, image } from '../local-site.ts';
import { found, options, page, site } from './crawled-pages.ts';

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
});
