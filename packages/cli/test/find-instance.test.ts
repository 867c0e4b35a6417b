import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { announceInstance, findInstance } from '../src/instance/instance.ts';

let data: TemporaryFolder;
let server: Server;
let url = '';
let asked = 0;
/** How many questions the server leaves without an answer. */
let missed = 0;
beforeEach(async () => {
  data = await temporaryFolder('cli-instance');
  [asked, missed] = [0, 0];
  server = createServer((_request, response) => {
    asked += 1;
    if (asked > missed) response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  announceInstance(data.path, { url, token: 'its token' });
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await data.remove();
});

test('an instance that is too slow to answer once is found, with its token', async () => {
  missed = 1;
  expect(await findInstance(data.path)).toMatchObject({ url, token: 'its token', isOwn: false });
  expect(asked).toBe(2);
});

test('an instance that no longer listens is none', async () => {
  await new Promise((resolve) => server.close(resolve));
  expect(await findInstance(data.path)).toBeNull();
});
