import { expect, test } from '@jest/globals';
import { createHttpApp, Health, listenHttp, PortTakenError } from '../src/index.ts';

const LOOPBACK = { port: 0, host: '127.0.0.1', setting: 'HTTP_PORT' };

test('the three probes tell apart alive, started and ready', async () => {
  const health = new Health([]);
  const http = await listenHttp(
    createHttpApp(health, { host: '127.0.0.1', publicUrl: undefined }),
    LOOPBACK,
  );
  const status = async (path: string) =>
    (await fetch(`http://127.0.0.1:${http.port}${path}`)).status;
  expect([await status('/livez'), await status('/startupz'), await status('/readyz')]).toEqual([
    200, 503, 503,
  ]);
  health.markReady();
  expect([await status('/startupz'), await status('/readyz')]).toEqual([200, 200]);
  health.markDraining();
  expect([await status('/livez'), await status('/readyz')]).toEqual([200, 503]);
  await http.close();
});

test('a taken port is named, with the setting that moves it', async () => {
  const app = createHttpApp(new Health([]), { host: '127.0.0.1', publicUrl: undefined });
  const first = await listenHttp(app, LOOPBACK);
  const second = listenHttp(app, { ...LOOPBACK, port: first.port });
  await expect(second).rejects.toThrow(PortTakenError);
  await expect(second).rejects.toThrow(new RegExp(`${first.port}.*HTTP_PORT`));
  await first.close();
});

test('an idle connection is kept for longer than the minute of proxies in front', async () => {
  const app = createHttpApp(new Health([]), { host: '127.0.0.1', publicUrl: undefined });
  const http = await listenHttp(app, LOOPBACK);
  const { headers } = await fetch(`http://127.0.0.1:${http.port}/livez`);
  const [, seconds = '0'] = /timeout=(\d+)/.exec(headers.get('keep-alive') ?? '') ?? [];
  expect(Number(seconds)).toBeGreaterThan(60);
  await http.close();
});
