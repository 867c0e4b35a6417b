import { afterAll, beforeAll, expect, test } from '@jest/globals';
import express from 'express';
import {
  addLastAnswers,
  createHttpApp,
  createLogger,
  DeepStyleError,
  Health,
  InvalidArgumentError,
  type ListeningHttpServer,
  listenHttp,
} from '../src/index.ts';

const SECRET = 'http://10.0.0.7:9000';
const lines: string[] = [];
const logger = createLogger({ level: 'error', name: 'test', write: (line) => lines.push(line) });
let server: ListeningHttpServer;

beforeAll(async () => {
  const app = createHttpApp(new Health([]), { host: '127.0.0.1', publicUrl: undefined });
  app.post('/body', express.json({ limit: '1kb' }), (_request, response) => {
    response.send('taken');
  });
  app.get('/refused', () => {
    throw new InvalidArgumentError('width', 'must be one of 64, 128');
  });
  app.get('/away', () => {
    throw new DeepStyleError({ code: 'UNAVAILABLE', message: `${SECRET} does not answer` });
  });
  app.get('/bug', () => {
    throw new Error(`at ${SECRET}`);
  });
  app.get('/half', (_request, response) => {
    response.write('half');
    throw new Error('the rest is gone');
  });
  addLastAnswers(app, logger);
  server = await listenHttp(app, { port: 0, host: '127.0.0.1', setting: 'HTTP_PORT' });
});
afterAll(() => server.close());

async function answerOf(path: string, init: RequestInit = {}): Promise<[number, string]> {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, init);
  return [response.status, await response.text()];
}

const post = (body: string): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body,
});

test('an unknown address is answered in one line', async () => {
  expect(await answerOf('/nothing')).toEqual([404, 'There is nothing at this address.']);
});

test('a failure of ours below 500 tells its own message', async () => {
  expect(await answerOf('/refused')).toEqual([400, 'width: must be one of 64, 128']);
});

test('a store that is away does not tell its address, and the log does', async () => {
  expect(await answerOf('/away')).toEqual([503, 'This cannot be answered now. Try again.']);
  expect(lines.join()).toContain(SECRET);
});

test('a bug tells nothing of itself', async () => {
  const [status, text] = await answerOf('/bug');
  expect(status).toBe(500);
  expect(text).not.toMatch(/10\.0\.0\.7| at |\.ts/);
});

test('a body that is too large is refused without a stack trace', async () => {
  expect(await answerOf('/body', post(`"${'x'.repeat(2_000)}"`))).toEqual([
    413,
    'Payload Too Large.',
  ]);
});

test('a body that is no JSON is refused without a stack trace', async () => {
  expect(await answerOf('/body', post('{'))).toEqual([400, 'Bad Request.']);
});

test('a mistake of the client is not logged', async () => {
  lines.length = 0;
  await answerOf('/body', post('{'));
  expect(lines).toEqual([]);
});

test('an answer that fails half-way breaks off', async () => {
  await expect(answerOf('/half')).rejects.toThrow();
});
