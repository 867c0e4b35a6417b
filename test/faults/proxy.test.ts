import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type ServerProxy, startProxy } from './proxy.ts';

let server: Server;
let proxy: ServerProxy;

/** Answers what it is sent. */
beforeEach(async () => {
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await startProxy((server.address() as AddressInfo).port);
});

afterEach(() => {
  proxy.close();
  server.close();
});

async function connected(): Promise<Socket> {
  const socket = connect(proxy.port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

async function answerTo(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [data] = (await once(socket, 'data')) as [Buffer];
  return data.toString();
}

/** Waits until it is closed, be it by an error. */
function closing(socket: Socket): Promise<void> {
  socket.on('error', () => undefined);
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
  });
}

test('what is sent comes through both ways', async () => {
  const socket = await connected();
  expect(await answerTo(socket, 'one')).toBe('one');
  socket.destroy();
});

test('a cut breaks connections and refuses new ones until it is mended', async () => {
  const socket = await connected();
  expect(await answerTo(socket, 'one')).toBe('one');
  const broken = closing(socket);
  proxy.cut();
  await broken;
  await closing(connect(proxy.port, '127.0.0.1'));
  proxy.mend();
  const again = await connected();
  expect(await answerTo(again, 'two')).toBe('two');
  again.destroy();
});

test('what is sent in a silence comes through once it is mended', async () => {
  const socket = await connected();
  expect(await answerTo(socket, 'one')).toBe('one');
  proxy.silence();
  const later = await connected();
  const answers = [answerTo(socket, 'two'), answerTo(later, 'three')];
  const first = await Promise.race([
    ...answers,
    // Long for loopback: what came through would be here.
    new Promise((wake) => setTimeout(wake, 200, 'nothing')),
  ]);
  expect(first).toBe('nothing');
  proxy.mend();
  expect(await Promise.all(answers)).toEqual(['two', 'three']);
  socket.destroy();
  later.destroy();
});
