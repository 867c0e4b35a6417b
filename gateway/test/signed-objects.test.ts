import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { runGateway, type TestGateway } from './running-gateway.ts';

const KEY = 'models/detector.onnx';
const BYTES = 'the bytes of a model';
const HOUR = 3_600;
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await runGateway();
  await gateway.objects.put(KEY, Buffer.from(BYTES), 'text/html');
});
afterAll(() => gateway.close());
afterEach(() => {
  jest.restoreAllMocks();
});

/** Path and query of a signed URL. */
async function signed(key = KEY): Promise<string> {
  const { pathname, search } = new URL(await gateway.objects.signedUrl(key, HOUR));
  return `${pathname}${search}`;
}

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${gateway.url}${path}`, { headers });

test('a signed URL opens its object', async () => {
  const response = await get(await signed());
  expect([response.status, await response.text()]).toEqual([200, BYTES]);
});

test('an object is saved and not shown, whatever its type', async () => {
  const { headers } = await get(await signed());
  expect(headers.get('content-disposition')).toBe('attachment');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});

test('an object comes with its type and length', async () => {
  const { headers } = await get(await signed());
  expect(headers.get('content-type')).toBe('text/html');
  expect(headers.get('content-length')).toBe(String(BYTES.length));
});

test('a range is answered with the whole object', async () => {
  const response = await get(await signed(), { range: 'bytes=4-8' });
  expect([response.status, await response.text()]).toEqual([200, BYTES]);
});

test('an expired URL is refused', async () => {
  const earlier = Date.now() - 2 * HOUR * 1_000;
  jest.spyOn(Date, 'now').mockReturnValue(earlier);
  const url = await signed();
  jest.restoreAllMocks();
  const response = await get(url);
  expect(response.status).toBe(403);
  expect(await response.text()).toContain('expired');
});

test.each([
  ['another key', (url: string) => url.replace('detector', 'generator')],
  ['a later end', (url: string) => url.replace(/expires=\d/, 'expires=9')],
  ['another signature', (url: string) => `${url.slice(0, -4)}AAAA`],
  ['no signature', (url: string) => url.replace(/\?.*/, '')],
])('a URL with %s is refused', async (_what, change) => {
  expect((await get(change(await signed()))).status).toBe(403);
});

test('an object that is gone is not found', async () => {
  const url = await signed('models/gone.onnx');
  const response = await get(url);
  expect(response.status).toBe(404);
  expect(response.headers.get('content-disposition')).toBeNull();
});
