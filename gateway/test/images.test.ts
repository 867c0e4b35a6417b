import { IMAGE_WIDTHS } from '@deepstyle/service';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { runGateway, type TestGateway } from './running-gateway.ts';

const KEY = keyOf('photos', 'a');
const SMALL = keyOf('designs', 'b');
const BROKEN = keyOf('garments', 'c');
let gateway: TestGateway;

function keyOf(folder: string, digit: string): string {
  return `${folder}/${digit.repeat(2)}/${digit.repeat(64)}`;
}

function drawn(width: number, height: number): Promise<Buffer> {
  const background = { r: 200, g: 40, b: 90 };
  return sharp({ create: { width, height, channels: 3, background } })
    .jpeg()
    .toBuffer();
}

beforeAll(async () => {
  gateway = await runGateway();
  await gateway.objects.put(KEY, await drawn(1_100, 550), 'image/jpeg');
  await gateway.objects.put(SMALL, await drawn(64, 64), 'image/jpeg');
  await gateway.objects.put(BROKEN, Buffer.from('no image'), 'image/jpeg');
});
afterAll(() => gateway.close());

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${gateway.url}/images/${path}`, { headers });

async function sizeOf(response: Response): Promise<[number, number]> {
  const { width, height } = await sharp(await response.arrayBuffer()).metadata();
  return [width, height];
}

test('an image comes whole and as WebP where nothing else is asked for', async () => {
  const response = await get(KEY);
  expect(response.headers.get('content-type')).toBe('image/webp');
  expect(await sizeOf(response)).toEqual([1_100, 550]);
});

test.each(IMAGE_WIDTHS)('an image comes %d pixels wide', async (width) => {
  expect(await sizeOf(await get(`${KEY}?w=${width}`))).toEqual([width, width / 2]);
});

test('a small image is not enlarged', async () => {
  expect(await sizeOf(await get(`${SMALL}?w=1024`))).toEqual([64, 64]);
});

test.each(['webp', 'jpeg', 'png'])('an image comes as %s', async (format) => {
  const response = await get(`${KEY}?w=64&f=${format}`);
  expect(response.headers.get('content-type')).toBe(`image/${format}`);
  expect((await sharp(await response.arrayBuffer()).metadata()).format).toBe(format);
});

test('an image may be kept for ever by every cache', async () => {
  const response = await get(`${KEY}?w=64`);
  expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
});

test('each width and format of an image has a tag of its own', async () => {
  const paths = [KEY, `${KEY}?w=64`, `${KEY}?w=128`, `${KEY}?w=64&f=png`, SMALL];
  const tags = await Promise.all(paths.map(async (path) => (await get(path)).headers.get('etag')));
  expect(new Set(tags).size).toBe(paths.length);
});

test('who has an image is told so, without a look into the store', async () => {
  const key = keyOf('grids', 'd');
  await gateway.objects.put(key, await drawn(64, 64), 'image/jpeg');
  const tag = (await get(key)).headers.get('etag') ?? '';
  await gateway.objects.delete(key);
  const response = await get(key, { 'if-none-match': tag });
  expect([response.status, await response.text()]).toEqual([304, '']);
});

test('who has another width is given the image', async () => {
  const tag = (await get(`${KEY}?w=64`)).headers.get('etag') ?? '';
  expect((await get(`${KEY}?w=128`, { 'if-none-match': tag })).status).toBe(200);
});

test('an image that is not stored is not found, and no cache keeps that', async () => {
  const response = await get(keyOf('photos', 'e'));
  expect([response.status, response.headers.get('cache-control')]).toEqual([404, null]);
});

test.each([
  ['a model', `models/aa/${'a'.repeat(64)}`],
  ['a short hash', 'photos/aa/aaaa'],
  ['a folder', 'photos/'],
  ['a way out of the store', `photos/aa/..%2f..%2f${'a'.repeat(64)}`],
])('%s is no image', async (_what, path) => {
  expect((await get(path)).status).toBe(404);
});

test.each(['65', '0', '-64', '64.0', 'wide', ''])('the width "%s" is refused', async (width) => {
  const response = await get(`${KEY}?w=${width}`);
  expect(response.status).toBe(400);
  expect(await response.text()).toContain(IMAGE_WIDTHS.join(', '));
});

test.each(['gif', 'WEBP', ''])('the format "%s" is refused', async (format) => {
  const response = await get(`${KEY}?f=${format}`);
  expect([response.status, await response.text()]).toEqual([400, 'f: must be webp, jpeg, png']);
});

test('stored bytes that are no image fail without a word of the library', async () => {
  const response = await get(BROKEN);
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain('Input');
});

test('an image that its decoder warns of is shown, as it was stored', async () => {
  const bytes = await drawn(64, 64);
  const key = keyOf('photos', 'f');
  // Bytes between two segments are skipped with a warning; the first one begins behind the two bytes of the start.
  const second = 4 + bytes.readUInt16BE(4);
  const odd = Buffer.concat([bytes.subarray(0, second), Buffer.alloc(4), bytes.subarray(second)]);
  await gateway.objects.put(key, odd, 'image/jpeg');
  expect((await get(`${key}?w=64`)).status).toBe(200);
});

test('an image that takes too much memory is refused by name', async () => {
  const key = keyOf('photos', '9');
  const bytes = await sharp(await drawn(64, 64))
    .avif({ effort: 0 })
    .toBuffer();
  // The sizes that its decoder believes stand in the box `ispe`.
  const at = bytes.indexOf('ispe') + 8;
  bytes.writeUInt32BE(7_000, at);
  bytes.writeUInt32BE(7_000, at + 4);
  await gateway.objects.put(key, bytes, 'image/avif');
  const response = await get(`${key}?w=64`);
  expect(response.status).toBe(409);
  expect(await response.text()).toMatch(/^IMAGE_TOO_LARGE: .* 49000000 pixels/);
});
