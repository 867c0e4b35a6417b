import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type DrawnSeasons,
  drawSeasons,
  type PictureSite,
  startPictureSite,
  temporaryFolder,
  writeFolder,
} from '../src/index.ts';

const text = async (url: string) => (await fetch(url)).text();
const matches = (html: string, pattern: RegExp) => [...html.matchAll(pattern)].map((m) => m[1]);

describe('a site of a drawn set', () => {
  let set: DrawnSeasons;
  let site: PictureSite;
  beforeAll(async () => {
    set = await drawSeasons({ seed: 1, perSeason: 20, widthPx: 48, heightPx: 64 });
    site = await startPictureSite({ set, pageSize: 8 });
  });
  afterAll(() => site.stop());

  test('following a season’s pages from the first meets each of its pictures once', async () => {
    const seen: (string | undefined)[] = [];
    let path: string | undefined = '/seasons/ss2026';
    while (path !== undefined) {
      const html = await text(`${site.url}${path}`);
      seen.push(...matches(html, /<img src="([^"]+)"/g));
      path = matches(html, /rel="next" href="([^"]+)"/g)[0];
    }
    const expected = site.photos.filter(({ season }) => season === 'SS2026');
    expect(seen).toEqual(expected.map((photo) => new URL(site.imageUrl(photo)).pathname));
  });

  test('home leads to each season and brand, and pages that do not exist are not found', async () => {
    const links = matches(await text(site.url), /href="([^"]+)"/g);
    expect(links).toEqual(expect.arrayContaining(['/seasons/fw2026', '/seasons/fw2026/vastra']));
    for (const path of ['/seasons/ss2026?page=99', '/seasons/ss1999', '/images/none.jpg']) {
      expect((await fetch(`${site.url}${path}`)).status).toBe(404);
    }
  });

  test('says in the page what each picture shows', async () => {
    const html = await text(`${site.url}/seasons/fw2026/nordholm`);
    const photo = site.photos.find((one) => one.season === 'FW2026' && one.brand === 'Nordholm');
    expect(html).toContain(
      `data-season="FW2026" data-brand="Nordholm" data-category="${photo?.category}"`,
    );
    expect(html).toContain('data-license="CC0-1.0"');
  });

  test('serves the very bytes of each file, those that are no photograph too', async () => {
    for (const [i, photo] of site.photos.entries()) {
      const response = await fetch(site.imageUrl(photo));
      expect(response.headers.get('content-type')).toBe('image/jpeg');
      const bytes = Buffer.from(await response.arrayBuffer());
      expect(bytes.equals(set.photos[i]?.bytes ?? Buffer.alloc(1))).toBe(true);
    }
  });

  test('robots.txt disallows the archive, and the site remembers who asked for what', async () => {
    expect(await text(`${site.url}/robots.txt`)).toContain('Disallow: /private/');
    const before = site.requests.length;
    await fetch(`${site.url}/private/`, { headers: { 'user-agent': 'rude/1.0' } });
    expect(site.requests.slice(before)).toMatchObject([
      { method: 'GET', path: '/private/', userAgent: 'rude/1.0' },
    ]);
  });

  test('the manifest names every picture', async () => {
    const lines = (await text(`${site.url}/manifest.jsonl`)).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).url)).toEqual(
      site.photos.map((photo) => new URL(site.imageUrl(photo)).pathname),
    );
  });
});

test('a site of a folder shows what the folder holds', async () => {
  const folder = await temporaryFolder();
  const set = await drawSeasons({ seed: 1, perSeason: 3, widthPx: 48, heightPx: 64 });
  await writeFolder(folder.path, set);
  const site = await startPictureSite({ folder: folder.path });
  expect(site.photos).toHaveLength(set.photos.length);
  expect(new Set(site.photos.map(({ season }) => season))).toEqual(new Set(['SS2026', 'FW2026']));
  const first = set.photos.find(({ file }) => file.includes(site.photos[0]?.title ?? '?'));
  expect(site.photos[0]?.category).toBe(first?.category);
  const bytes = Buffer.from(await (await fetch(site.imageUrl(site.photos[0]!))).arrayBuffer());
  expect(bytes.equals(first?.bytes ?? Buffer.alloc(1))).toBe(true);
  await site.stop();
  await folder.remove();
});

test('a stopped site no longer answers, and stopping cuts endless answers', async () => {
  const set = await drawSeasons({ seed: 1, perSeason: 1, duplicates: 0, notPhotos: 0 });
  const site = await startPictureSite({ set });
  const endless = await fetch(`${site.url}/hazards/endless-body.jpg`);
  await site.stop();
  await expect(endless.arrayBuffer()).rejects.toThrow();
  await expect(fetch(site.url)).rejects.toThrow();
});
