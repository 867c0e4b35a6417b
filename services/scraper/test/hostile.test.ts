import { gzipSync } from 'node:zlib';
import { pngFile } from '@deepstyle/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { drawJpeg } from './drawn-photos.ts';
import { body, type Handler, html, image, type LocalSite, startLocalSite } from './local-site.ts';
import { type RunningScraper, runScraper } from './running-scraper.ts';

const PHOTOS = 300;

let scraper: RunningScraper;
let site: LocalSite;

beforeAll(async () => {
  const numbers = Array.from({ length: PHOTOS }, (_, n) => n);
  const photos = await Promise.all(
    numbers.map(async (n): Promise<[string, Handler]> => [`/${n}.jpg`, image(await drawJpeg(n))]),
  );
  site = await startLocalSite({
    ...Object.fromEntries(photos),
    '/': html(
      `<a href="/deep">deep</a><img src="/huge.png">${numbers.map((n) => `<img src="/${n}.jpg" data-license="javascript:alert(1)">`).join('')}`,
    ),
    '/deep': html(`<p>${'<b a=i>'.repeat(1000)}${'<p>x'.repeat(1000)}`),
    '/huge.png': image(pngFile({ widthPx: 20_000, heightPx: 20_000 }, new Uint8Array(9))),
    '/bomb.jsonl': body(gzipSync(Buffer.alloc(60_000_000, '\n')), { 'content-encoding': 'gzip' }),
  });
  scraper = await runScraper({ settings: { SCRAPER_ALLOWED_HOSTS: '127.0.0.1' } });
});
afterAll(async () => {
  await scraper.close();
  await site.close();
});

test('a hostile page, picture and manifest among 300 honest pictures are named, and the run is collected', async () => {
  const sources = [{ manifest: `${site.origin}/bomb.jsonl` }, { url: `${site.origin}/` }];
  const { run } = await scraper.startRun({ sources });
  const done = await scraper.finished(run!.id);
  expect(done).toMatchObject({
    scraping: { state: 'DONE' },
    photoCounts: { stored: PHOTOS, duplicates: 0, rejected: 3 },
  });
  const named = done.rejections.map(({ source, code }) => [source, code]).sort();
  expect(named).toEqual([
    [`${site.origin}/bomb.jsonl`, 'TOO_LARGE'],
    [`${site.origin}/deep`, 'TOO_COSTLY'],
    [`${site.origin}/huge.png`, 'TOO_LARGE'],
  ]);
  const { run: asked } = await scraper.query(
    'query ($id: ID!) { run(id: $id) { photos(first: 1) { edges { node { attribution { license } } } } } }',
    { id: run!.id },
  );
  expect(asked.photos.edges).toEqual([{ node: { attribution: { license: 'alert(1)' } } }]);
});
