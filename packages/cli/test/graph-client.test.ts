import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { DEAD_LETTERS } from '../src/dead-letter-queries.ts';
import { createGraphClient, type GraphTarget, InstanceGoneError } from '../src/graph-client.ts';

const answer = (data: object) => JSON.stringify({ data });
const LATE = JSON.stringify({
  errors: [{ message: 'it took too long', extensions: { code: 'DEADLINE_EXCEEDED' } }],
});
/** Instead of an answer. */
type Trouble = 'silence' | 'reset';

let server: Server;
let url = '';
/** What is answered, one after another, the last one for good. */
let answers: (string | Trouble)[] = [];
let asked = 0;
let said: string[] = [];
beforeEach(async () => {
  [asked, said] = [0, []];
  server = createServer((request, response) => {
    if (request.url === '/livez') response.end();
    else respond(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { timeout } = AbortSignal;
  jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout(ms === 60_000 ? 50 : ms));
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said.push(String(text));
    return true;
  });
});
afterEach(async () => {
  jest.restoreAllMocks();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function respond(response: ServerResponse): void {
  const next = answers[Math.min(asked, answers.length - 1)] ?? 'silence';
  asked += 1;
  if (next === 'reset') response.destroy();
  else if (next !== 'silence') response.end(next);
}

const clientOf = (target: Partial<GraphTarget> = {}) =>
  createGraphClient({ url, token: 't', isOwn: false, isAlive: async () => true, ...target });

describe('an instance that is there but too slow is asked again until it answers', () => {
  test.each<[string, (string | Trouble)[]]>([
    ['where it answers nothing in time', ['silence', 'silence', answer({ a: 1 })]],
    ['where its own work ran out of time', [LATE, LATE, answer({ a: 1 })]],
    ['where it resets connections', ['reset', 'reset', 'reset', answer({ a: 1 })]],
  ])('%s', async (_name, given) => {
    answers = given;
    expect(await clientOf().request(DEAD_LETTERS, { after: null })).toEqual({ a: 1 });
    expect(asked).toBe(given.length);
    expect(said).toEqual([expect.stringMatching(/^The machine is too slow: .*asked again.*\n$/)]);
  });
});

describe('an instance whose process is gone', () => {
  test.each([
    [false, /^The instance of another command at .* has ended.*The same command starts one/],
    [true, /^The instance that this command started has ended.*The same command starts another/],
  ])('is told, its own: %s', async (isOwn, message) => {
    answers = ['silence'];
    const asking = clientOf({ isOwn, isAlive: async () => false }).request(DEAD_LETTERS, {
      after: null,
    });
    await expect(asking).rejects.toThrow(InstanceGoneError);
    await expect(asking).rejects.toThrow(message);
    expect(said).toEqual([]);
  });

  test('is seen at once where nothing listens any more', async () => {
    await new Promise((resolve) => server.close(resolve));
    const asking = clientOf().request(DEAD_LETTERS, { after: null });
    await expect(asking).rejects.toThrow(InstanceGoneError);
  });
});

test.each([
  ['an error', JSON.stringify({ errors: [{ message: 'no such run' }] }), 'no such run'],
  ['no JSON', '<html>', 'without data'],
])('%s is an answer', async (_name, given, message) => {
  answers = [given];
  await expect(clientOf().request(DEAD_LETTERS, { after: null })).rejects.toThrow(message);
  expect(asked).toBe(1);
});
