import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  addLastAnswers,
  createHttpApp,
  createLogger,
  Health,
  type ListeningHttpServer,
  listenHttp,
} from '@deepstyle/platform';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { servePage } from '../src/page.ts';

const INDEX = '<!doctype html><title>DeepStyle</title>';
let folder: TemporaryFolder;
let server: ListeningHttpServer;

beforeAll(async () => {
  folder = await temporaryFolder('page');
  const page = join(folder.path, 'web');
  await mkdir(join(page, 'assets'), { recursive: true });
  await writeFile(join(page, 'index.html'), INDEX);
  await writeFile(join(page, 'assets', 'index-1a2b.js'), 'export {};');
  await writeFile(join(folder.path, 'outside.txt'), 'outside');
  const app = createHttpApp(new Health([]), { host: '127.0.0.1', publicUrl: undefined });
  servePage(app, page);
  addLastAnswers(app, createLogger({ level: 'silent', name: 'test' }));
  server = await listenHttp(app, { port: 0, host: '127.0.0.1', setting: 'HTTP_PORT' });
});
afterAll(async () => {
  await server.close();
  await folder.remove();
});

const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${server.port}${path}`);

test.each(['/', '/index.html', '/trends', '/runs/run_1'])('%s is the page', async (path) => {
  const response = await get(path);
  expect([response.status, await response.text()]).toEqual([200, INDEX]);
});

test('the page loads nothing from elsewhere, and no other page frames it', async () => {
  const policy = (await get('/trends')).headers.get('content-security-policy');
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
});

test('a file of the page comes with its type, and caches keep it for an hour', async () => {
  const { headers } = await get('/assets/index-1a2b.js');
  expect(headers.get('content-type')).toMatch(/^text\/javascript/);
  expect(headers.get('cache-control')).toBe('public, max-age=3600');
});

test.each(['/assets/index-0000.js', '/favicon.ico'])('%s is no page', async (path) => {
  expect((await get(path)).status).toBe(404);
});

test.each(['/..%2foutside.txt', '/assets/..%2f..%2foutside.txt'])(
  '%s does not lead out of the folder',
  async (path) => {
    const response = await get(path);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(await response.text()).not.toContain('outside');
  },
);

test('the page takes nothing that is posted', async () => {
  const response = await fetch(`http://127.0.0.1:${server.port}/trends`, { method: 'POST' });
  expect(response.status).toBe(404);
});
