import { request } from 'node:http';
import { expect, test } from '@jest/globals';
import { createHttpApp, Health, listenHttp } from '../src/index.ts';

/** Status of a probe asked for under a host name. */
async function statusFor(
  host: string,
  listen: string,
  publicUrl: string | undefined,
): Promise<number> {
  const app = createHttpApp(new Health([]), { host: listen, publicUrl });
  const server = await listenHttp(app, { port: 0, host: listen, setting: 'HTTP_PORT' });
  try {
    return await new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port: server.port, path: '/livez', headers: { host } };
      request(options, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
        .once('error', reject)
        .end();
    });
  } finally {
    await server.close();
  }
}

test('a server of this machine answers to its own names and refuses others', async () => {
  for (const host of ['localhost:4000', '127.0.0.1', '[::1]:80'])
    expect([host, await statusFor(host, '127.0.0.1', undefined)]).toEqual([host, 200]);
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:4000'])
    expect([host, await statusFor(host, '127.0.0.1', undefined)]).toEqual([host, 421]);
});

test('the name of PUBLIC_URL is known', async () => {
  expect(await statusFor('style.example', '127.0.0.1', 'https://style.example/app')).toBe(200);
});

test('a server of a network refuses no name', async () => {
  expect(await statusFor('gateway.cluster.local', '0.0.0.0', undefined)).toBe(200);
});
