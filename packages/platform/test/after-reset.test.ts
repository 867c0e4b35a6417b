import { Agent, createServer, get, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { onceMoreAfterReset } from '../src/index.ts';

let server: Server;
let port: number;
let agent: Agent;
const asked: string[] = [];
const used = new Set<Socket>();

/** Resets a connection that carries its second request, as a server that closes it at that moment does. */
beforeEach(async () => {
  asked.length = 0;
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (used.has(request.socket)) request.socket.resetAndDestroy();
    else response.end(request.url);
    used.add(request.socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  port = (server.address() as AddressInfo).port;
  agent = new Agent({ keepAlive: true, maxSockets: 1 });
  await ask('/first');
});
afterEach(async () => {
  agent.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
});

const ask = (path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent }, (response) => {
      text(response).then(resolve, reject);
    }).on('error', reject);
  });

test('a request that may be repeated is answered on another connection', async () => {
  const answer = await onceMoreAfterReset(
    () => true,
    () => ask('/second'),
  );
  expect(answer).toBe('/second');
  expect(asked).toEqual(['/first', '/second', '/second']);
});

test('a request that may have been taken is not repeated', async () => {
  const answer = onceMoreAfterReset(
    () => false,
    () => ask('/second'),
  );
  await expect(answer).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(asked).toEqual(['/first', '/second']);
});

test('what fetch throws of a reset connection is known as one', async () => {
  server.removeAllListeners('request');
  server.once('request', ({ socket }) => {
    socket.resetAndDestroy();
    server.on('request', (_request, response) => response.end('answer'));
  });
  const answer = onceMoreAfterReset(
    () => true,
    async () => (await fetch(`http://127.0.0.1:${port}/`)).text(),
  );
  expect(await answer).toBe('answer');
});

test('a request is repeated once only', async () => {
  let tries = 0;
  const reset = () => {
    tries += 1;
    return Promise.reject(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
  };
  await expect(onceMoreAfterReset(() => true, reset)).rejects.toThrow('reset');
  expect(tries).toBe(2);
});

test('a refused connection carried nothing, so that any request is tried again', async () => {
  let tries = 0;
  const refused = async () => {
    tries += 1;
    if (tries === 1) throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    return 'answer';
  };
  expect(await onceMoreAfterReset(() => false, refused)).toBe('answer');
});

test('a failure that is not of the connection is left to the caller', async () => {
  let tries = 0;
  const failing = () => {
    tries += 1;
    return Promise.reject(new Error('no such field'));
  };
  await expect(onceMoreAfterReset(() => true, failing)).rejects.toThrow('no such field');
  expect(tries).toBe(1);
});
