import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import {
  drawSeasons,
  type PictureSite,
  startPictureSite,
  type TemporaryFolder,
  temporaryFolder,
  writeFolder,
} from '@deepstyle/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { drawJpeg } from './drawn-photos.ts';
import { body, startLocalSite } from './local-site.ts';
import { type RunningScraper, runScraper } from './running-scraper.ts';

const SET = { seed: 5, seasons: ['SS2026', 'FW2026'], perSeason: 12, duplicates: 2, notPhotos: 4 };
const STORED = 'deepstyle.photo.stored.v1';
const COMPLETED = 'deepstyle.scrape.completed.v1';

let input: TemporaryFolder;
let scraper: RunningScraper;
let site: PictureSite;
let set: Awaited<ReturnType<typeof drawSeasons>>;

beforeAll(async () => {
  input = await temporaryFolder('scraper-input');
  set = await drawSeasons(SET);
  site = await startPictureSite({ set, pageSize: 5 });
  scraper = await runScraper({
    settings: {
      SCRAPER_ALLOWED_HOSTS: '127.0.0.1',
      // Long enough for a starved machine, far from what the slow ones take.
      SCRAPER_REQUEST_TIMEOUT_MS: '6000',
      SCRAPER_RETRIES: '2',
      SCRAPER_MAX_PHOTO_BYTES: '1000000',
    },
  });
});
afterAll(async () => {
  await scraper.close();
  await site.stop();
  await input.remove();
});

async function write(name: string, files: Record<string, Uint8Array | string>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(input.path, name, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return join(input.path, name);
}

async function run(sources: object[], change: object = {}) {
  const { run: started, userErrors } = await scraper.startRun({ sources, ...change });
  if (started === null) throw new Error(JSON.stringify(userErrors));
  return scraper.finished(started.id);
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('a folder', () => {
  test('gives photographs, duplicates and rejections, each told once', async () => {
    const a = await drawJpeg(1);
    const b = await drawJpeg(2, 40, 60);
    const folder = await write('mixed', {
      'coat/a.jpg': a,
      'coat/a-again.jpg': a,
      'dress/b.jpg': b,
      'dress/notes.txt': 'to be photographed',
      'dress/cut.jpg': a.subarray(0, a.length / 2),
    });
    const done = await run([{ folder }]);
    expect(done).toMatchObject({
      scraping: { state: 'DONE', done: 3, failed: 2, expected: 5, detail: null },
      photoCounts: { stored: 2, duplicates: 1, rejected: 2 },
    });
    expect(done.rejections.map(({ source, code }) => [source, code])).toEqual([
      ['mixed/dress/cut.jpg', 'TRUNCATED'],
      ['mixed/dress/notes.txt', 'NOT_AN_IMAGE'],
    ]);
    expect(scraper.events(COMPLETED, done.id)).toMatchObject([
      { photos: 2, duplicates: 1, rejected: 2 },
    ]);
    const stored = scraper.events(STORED, done.id).map(({ photo }) => photo);
    expect(stored.find(({ id }) => id === sha256(b))).toMatchObject({
      widthPx: 40,
      heightPx: 60,
      brand: null,
      category: 'dress',
      image: { contentType: 'image/jpeg', bytes: b.length, sha256: sha256(b) },
    });
    const key = stored.find(({ id }) => id === sha256(a))?.image.key ?? '';
    expect(key).toBe(`photos/${sha256(a).slice(0, 2)}/${sha256(a)}`);
    expect(Buffer.from(await scraper.objects.get(key)).equals(a)).toBe(true);
  });

  test('of drawn seasons gives what was drawn of the season', async () => {
    const written = await writeFolder(join(input.path, 'drawn'), set);
    const { season, category } = set.photos[0]!;
    const done = await run([{ folder: written.path }], { season: 'SS2026' });
    const kinds = (kind: string) =>
      set.photos.filter((photo) => photo.season === 'SS2026' && photo.kind === kind).length;
    expect(done.photoCounts).toEqual({
      stored: kinds('photo'),
      duplicates: kinds('duplicate'),
      rejected: kinds('not-photo'),
    });
    const first = scraper
      .events(STORED, done.id)
      .find(({ photo }) => photo.id === sha256(set.photos[0]!.bytes));
    expect([season, first?.photo.category]).toEqual(['SS2026', category]);
  });

  test('a photograph of an earlier run is a member of the new run again', async () => {
    const folder = await write('twice', { 'coat/a.jpg': await drawJpeg(10) });
    const first = await run([{ folder }]);
    const second = await run([{ folder }]);
    const id = sha256(await drawJpeg(10));
    for (const { id: runId, photoCounts } of [first, second]) {
      expect(photoCounts).toEqual({ stored: 1, duplicates: 0, rejected: 0 });
      expect(scraper.eventIds(STORED, runId)).toContain(`photo.stored:${runId.slice(4)}:${id}`);
    }
  });

  test('what the run itself is told of a photograph goes before what an earlier one was told', async () => {
    const photo = await drawJpeg(11);
    await run([{ folder: await write('earlier', { 'shirt/a.jpg': photo }) }]);
    const done = await run([{ folder: await write('later', { 'blouse/a.jpg': photo }) }]);
    expect(scraper.events(STORED, done.id)).toMatchObject([{ photo: { category: 'blouse' } }]);
  });

  test('without a photograph among its files ends failed with the reason, and says so', async () => {
    const done = await run([{ folder: await write('texts', { 'a.txt': 'a', 'b.txt': 'b' }) }]);
    expect(done.scraping).toEqual({
      state: 'FAILED',
      done: 0,
      failed: 2,
      expected: 2,
      detail: expect.stringContaining('None of 2 sources gave a photograph: 2 x NOT_AN_IMAGE'),
    });
    expect(scraper.events(COMPLETED, done.id)).toMatchObject([{ photos: 0, rejected: 2 }]);
  });

  test('given twice is taken once', async () => {
    const folder = await write('same', { 'a.jpg': await drawJpeg(12) });
    const done = await run([{ folder }, { folder }]);
    expect(done).toMatchObject({
      scraping: { state: 'DONE', expected: 1 },
      photoCounts: { stored: 1, duplicates: 0 },
    });
  });
});

describe('a run of one brand', () => {
  test('takes what is of no named brand as its own and leaves out what is of another', async () => {
    const lines = [
      // Its letters are decomposed.
      { file: 'a.jpg', brand: 'AURE\u0301LIE' },
      { file: 'b.jpg' },
      { file: 'c.jpg', brand: 'Vastra' },
    ];
    const manifest = join(
      await write('brands', {
        'a.jpg': await drawJpeg(20),
        'b.jpg': await drawJpeg(21),
        'c.jpg': await drawJpeg(22),
        'list.jsonl': lines.map((line) => JSON.stringify(line)).join('\n'),
      }),
      'list.jsonl',
    );
    const done = await run([{ manifest }], { brand: 'Aur\u00e9lie' });
    expect(done.rejections.map(({ code }) => code)).toEqual(['OTHER_BRAND']);
    const brands = scraper.events(STORED, done.id).map(({ photo }) => photo.brand);
    expect(brands).toEqual(['Aur\u00e9lie', 'Aur\u00e9lie']);
  });
});

describe('a picture site', () => {
  const counts = (season: string) => {
    const kinds = (kind: string) =>
      set.photos.filter((photo) => photo.season === season && photo.kind === kind).length;
    return {
      stored: kinds('photo'),
      duplicates: kinds('duplicate'),
      rejected: kinds('not-photo'),
    };
  };

  test('gives the pictures of its season with whom to credit, and robots.txt is kept to', async () => {
    const done = await run([{ url: `${site.url}/seasons/fw2026` }], { season: 'FW2026' });
    expect(done.photoCounts).toEqual(counts('FW2026'));
    expect(site.requests.some(({ path }) => path.startsWith('/private/'))).toBe(false);
    const drawn = set.photos.find(({ season }) => season === 'FW2026')!;
    const { photo } = await scraper.query(
      '{ photo(id: "photo_%") { brand category attribution { source title author license } } }'.replace(
        '%',
        sha256(drawn.bytes),
      ),
    );
    expect(photo).toEqual({
      brand: drawn.brand,
      category: drawn.category,
      attribution: {
        source: `${site.url}/seasons/fw2026`,
        title: drawn.title,
        author: `${drawn.brand} press office`,
        license: 'CC0-1.0',
      },
    });
  });

  test('from its front page gives the season as well, and tells what it was kept from', async () => {
    const done = await run([{ url: `${site.url}/` }], { season: 'SS2026' });
    const { rejected, ...expected } = counts('SS2026');
    expect(done.photoCounts).toEqual({ ...expected, rejected: rejected + 1 });
    const forbidden = done.rejections.filter(({ code }) => code === 'ROBOTS_DISALLOWED');
    expect(forbidden.map(({ source }) => source)).toEqual([`${site.url}/private/`]);
  });

  test('its manifest gives the same', async () => {
    const done = await run([{ manifest: `${site.url}/manifest.jsonl` }], { season: 'SS2026' });
    expect(done.photoCounts).toEqual(counts('SS2026'));
  });

  test('each hazard ends in its own reason or in the picture, and none in the end of the run', async () => {
    const done = await run([{ url: `${site.url}/hazards` }], { season: 'SS2026' });
    const codes = Object.fromEntries(
      done.rejections.map(({ source, code }) => [/hazards\/(.*)\.jpg/.exec(source)?.[1], code]),
    );
    expect(codes).toEqual({
      slow: 'TIMEOUT',
      trickle: 'TIMEOUT',
      'not-found': 'HTTP_STATUS',
      error: 'HTTP_STATUS',
      'html-as-image': 'NOT_AN_IMAGE',
      'html-instead-of-image': 'NOT_AN_IMAGE',
      'truncated-body': 'UNREACHABLE',
      'truncated-file': 'TRUNCATED',
      'redirect-loop': 'TOO_MANY_REDIRECTS',
      'redirect-to-private-address': 'PRIVATE_ADDRESS',
      'redirect-to-file': 'UNSUPPORTED_URL',
      'huge-content-length': 'TIMEOUT',
      'endless-body': 'TOO_LARGE',
      'gzip-bomb': 'TOO_LARGE',
      'pixel-bomb': 'TOO_LARGE',
      'connection-reset': 'UNREACHABLE',
      'empty-body': 'NOT_AN_IMAGE',
    });
    // Those that pass, and the one that is only called something else, show the same first picture.
    expect(done.photoCounts).toEqual({ stored: 1, duplicates: 2, rejected: 17 });
    // Those that another try may give: slow, trickle, error, huge-content-length, truncated-body, connection-reset.
    expect(scraper.events(COMPLETED, done.id)).toMatchObject([{ lost: 6 }]);
  });

  test.each([
    ['manifest', (origin: string) => ({ manifest: `${origin}/list.jsonl` })],
    ['page', (origin: string) => ({ url: `${origin}/` })],
  ])(
    'a %s that its host does not give leaves the run incomplete, however much else is there',
    async (_, sourceAt) => {
      const busy = (_request: unknown, response: ServerResponse) => response.writeHead(503).end();
      const host = await startLocalSite({
        '/robots.txt': body(''),
        '/list.jsonl': busy,
        '/': busy,
      });
      try {
        const folder = await write('beside-the-lost', { 'a.jpg': await drawJpeg(1) });
        const done = await run([{ folder }, sourceAt(host.origin)]);
        expect(done).toMatchObject({
          scraping: { state: 'FAILED' },
          photoCounts: { stored: 1, rejected: 1 },
        });
        expect(scraper.events(COMPLETED, done.id)).toMatchObject([
          { photos: 1, lost: 1, incomplete: expect.stringContaining(`${host.origin}/`) },
        ]);
      } finally {
        await host.close();
      }
    },
  );
});
