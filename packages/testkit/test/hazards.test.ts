import { decodeRgb, ImageTooLargeError } from '@deepstyle/vision';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  drawSeasons,
  HAZARDS,
  type Hazard,
  type PictureSite,
  startPictureSite,
} from '../src/index.ts';

let site: PictureSite;
let good: Buffer;
beforeAll(async () => {
  const options = { seed: 1, perSeason: 1, duplicates: 0, notPhotos: 0 };
  site = await startPictureSite({ set: await drawSeasons(options) });
  good = Buffer.from((await site.photos[0]?.read()) ?? []);
});
afterAll(() => site.stop());

const ask = (hazard: Hazard) =>
  fetch(`${site.url}/hazards/${hazard}.jpg`, {
    redirect: 'manual',
    signal: AbortSignal.timeout(20_000),
  });
const bodyOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

describe('standing hazards', () => {
  test('all are linked from one page', async () => {
    const html = await (await fetch(`${site.url}/hazards`)).text();
    for (const hazard of HAZARDS) expect(html).toContain(`/hazards/${hazard}.jpg`);
  });

  test.each([
    ['not-found', 404],
    ['error', 500],
  ] as const)('%s answers %d every time', async (hazard, status) => {
    expect([(await ask(hazard)).status, (await ask(hazard)).status]).toEqual([status, status]);
  });

  test('429 names its wait once, then the picture comes', async () => {
    const refused = await ask('too-many-requests');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect((await bodyOf(await ask('too-many-requests'))).equals(good)).toBe(true);
  });

  test('503 once, then the picture comes', async () => {
    expect((await ask('error-then-good')).status).toBe(503);
    expect((await bodyOf(await ask('error-then-good'))).equals(good)).toBe(true);
  });

  test('types that lie, in both directions', async () => {
    const octets = await ask('wrong-content-type');
    expect(octets.headers.get('content-type')).toBe('application/octet-stream');
    expect((await bodyOf(octets)).equals(good)).toBe(true);
    const page = await ask('html-as-image');
    expect(page.headers.get('content-type')).toBe('image/jpeg');
    expect(await page.text()).toContain('Sign in');
    const honest = await ask('html-instead-of-image');
    expect(honest.headers.get('content-type')).toContain('text/html');
  });

  test('a cut connection fails the transfer; a cut file comes whole and cannot be decoded', async () => {
    await expect(ask('truncated-body').then(bodyOf)).rejects.toThrow();
    const half = await bodyOf(await ask('truncated-file'));
    expect(half.length).toBe(Math.floor(good.length / 2));
    await expect(decodeRgb(half)).rejects.toThrow();
    await expect(ask('connection-reset')).rejects.toThrow();
    expect(await bodyOf(await ask('empty-body'))).toHaveLength(0);
  });

  test.each([
    ['redirect-loop', '/hazards/redirect-loop.jpg'],
    ['redirect-to-private-address', 'http://169.254.169.254/latest/meta-data/'],
    ['redirect-to-file', 'file:///etc/passwd'],
  ] as const)('%s leads to %s', async (hazard, location) => {
    const response = await ask(hazard);
    expect([response.status, response.headers.get('location')]).toEqual([302, location]);
  });

  test('1 TB is promised', async () => {
    const response = await ask('huge-content-length');
    expect(response.headers.get('content-length')).toBe('1000000000000');
    await response.body?.cancel();
  });

  test.each(['endless-body', 'trickle'] as const)('%s goes on and on', async (hazard) => {
    const response = await ask(hazard);
    expect(response.headers.get('content-length')).toBeNull();
    const reader = response.body?.getReader();
    for (let i = 0; i < 3; i++) expect((await reader?.read())?.done).toBe(false);
    await reader?.cancel();
  });

  test('small answers that are huge: 100 MB of zeros, 400 million pixels', async () => {
    const bomb = await ask('gzip-bomb');
    expect(bomb.headers.get('content-encoding')).toBe('gzip');
    expect((await bodyOf(bomb)).length).toBe(100_000_000);
    const pixels = await bodyOf(await ask('pixel-bomb'));
    expect(pixels.length).toBeLessThan(100_000);
    await expect(decodeRgb(pixels)).rejects.toThrow(ImageTooLargeError);
  });
});

describe('setHazard', () => {
  test('strikes one path as often as said, and ends with clearHazards', async () => {
    const url = site.imageUrl(site.photos[0]!);
    const { pathname } = new URL(url);
    site.setHazard(pathname, 'too-many-requests', { times: 2, retryAfterSeconds: 7 });
    const waits: (string | null)[] = [];
    for (let i = 0; i < 3; i++) waits.push((await fetch(url)).headers.get('retry-after'));
    expect(waits).toEqual(['7', '7', null]);
    site.setHazard(pathname, 'error');
    expect((await fetch(url)).status).toBe(500);
    site.clearHazards();
    expect((await bodyOf(await fetch(url))).equals(good)).toBe(true);
  });

  test('strikes pages too; slow ones come in full', async () => {
    site.setHazard('/robots.txt', 'slow', { delayMs: 20 });
    expect(await (await fetch(`${site.url}/robots.txt`)).text()).toContain('Disallow');
    site.clearHazards();
  });
});
