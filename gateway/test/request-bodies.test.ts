import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type GraphAnswer, runGateway, type TestGateway } from './running-gateway.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await runGateway();
});
afterAll(() => gateway.close());

const QUERY = JSON.stringify({ query: '{ __typename }' });
const LONG = JSON.stringify({ query: '{ __typename }', long: 'x'.repeat(300_000) });

function post(body: string | Buffer<ArrayBuffer>, headers: Record<string, string> = {}) {
  return fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}

describe('a body that cannot be read is answered as JSON, with a code and without its text', () => {
  test.each<[string, number, string, string | Buffer<ArrayBuffer>, Record<string, string>]>([
    ['no JSON', 400, 'BAD_REQUEST', '{secret', {}],
    ['half of JSON', 400, 'BAD_REQUEST', '{"query": "{ __typename }"', {}],
    ['text alone', 400, 'BAD_REQUEST', '"secret"', {}],
    ['null', 400, 'BAD_REQUEST', 'null', {}],
    ['too long', 413, 'QUERY_TOO_LARGE', LONG, {}],
    ['too long as gzip', 413, 'QUERY_TOO_LARGE', gzipSync(LONG), { 'content-encoding': 'gzip' }],
    [
      'too long as br',
      413,
      'QUERY_TOO_LARGE',
      brotliCompressSync(LONG),
      { 'content-encoding': 'br' },
    ],
    ['no gzip', 400, 'BAD_REQUEST', 'secret', { 'content-encoding': 'gzip' }],
    [
      'half of gzip',
      400,
      'BAD_REQUEST',
      gzipSync(QUERY).subarray(0, 20),
      { 'content-encoding': 'gzip' },
    ],
    ['no br', 400, 'BAD_REQUEST', 'secret', { 'content-encoding': 'br' }],
    ['of an unknown encoding', 415, 'BAD_REQUEST', QUERY, { 'content-encoding': 'secret' }],
    [
      'of an unknown charset',
      415,
      'BAD_REQUEST',
      QUERY,
      { 'content-type': 'application/json; charset=secret' },
    ],
    [
      'of an unknown UTF',
      415,
      'BAD_REQUEST',
      QUERY,
      { 'content-type': 'application/json; charset=utf-99' },
    ],
  ])('%s is told with %i', async (_, status, code, body, headers) => {
    const response = await post(body, headers);
    const text = await response.text();
    expect([response.status, response.headers.get('content-type')]).toEqual([
      status,
      'application/json; charset=utf-8',
    ]);
    const { errors, ...rest } = JSON.parse(text) as GraphAnswer;
    expect(errors).toEqual([{ message: expect.any(String), extensions: { code } }]);
    expect(rest).toEqual({});
    expect(text).not.toMatch(/secret|\n\s*at /i);
  });

  test.each([
    ['gzip', gzipSync(QUERY)],
    ['br', brotliCompressSync(QUERY)],
  ])('and one that is packed as %s is read', async (encoding, body) => {
    const response = await post(body, { 'content-encoding': encoding });
    expect(await response.json()).toMatchObject({ data: { __typename: 'Query' } });
  });
});
