import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type GraphAnswer, runGateway, type TestGateway } from './running-gateway.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await runGateway();
});
afterAll(() => gateway.close());

async function send(body: unknown): Promise<{ status: number; codes: unknown }> {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const { errors } = (await response.json()) as GraphAnswer;
  return { status: response.status, codes: errors?.map(({ extensions }) => extensions.code) };
}

const persisted = (sha256Hash: unknown, version = 1) => ({
  persistedQuery: { version, sha256Hash },
});
const OF_ID = 'query ($id: ID!) { node(id: $id) { id } }';
const TWO = 'query A { __typename } query B { __typename }';
const QUERY = '{ __typename }';

describe('what a client did wrong is told as that', () => {
  test.each([
    ['a subscription', { query: 'subscription { x }' }, 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['an unknown fragment', { query: '{ ...F }' }, 400, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a deferred part',
      { query: '{ ... @defer { x: __typename } }' },
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a hash of another query',
      { query: QUERY, extensions: persisted('0'.repeat(64)) },
      400,
      'BAD_REQUEST',
    ],
    [
      'another version of hashes',
      { query: QUERY, extensions: persisted('0', 2) },
      400,
      'BAD_REQUEST',
    ],
    [
      'an unknown hash',
      { extensions: persisted('0'.repeat(64)) },
      200,
      'PERSISTED_QUERY_NOT_FOUND',
    ],
    ['a hash that is none', { extensions: persisted({}) }, 200, 'PERSISTED_QUERY_NOT_FOUND'],
    ['no query', {}, 400, 'BAD_REQUEST'],
    ['a list', [{ query: QUERY }], 400, 'BAD_REQUEST'],
    ['a query that is no text', { query: 7 }, 400, 'BAD_REQUEST'],
    ['variables that are a list', { query: QUERY, variables: [1] }, 400, 'BAD_REQUEST'],
    ['a variable of another type', { query: OF_ID, variables: { id: [] } }, 400, 'BAD_USER_INPUT'],
    ['a variable that is missing', { query: OF_ID }, 400, 'BAD_USER_INPUT'],
    [
      'an unknown operation',
      { query: TWO, operationName: 'C' },
      400,
      'OPERATION_RESOLUTION_FAILURE',
    ],
    ['an empty name', { query: QUERY, operationName: '' }, 400, 'OPERATION_RESOLUTION_FAILURE'],
    ['one of several operations', { query: TWO }, 400, 'OPERATION_RESOLUTION_FAILURE'],
  ])('%s', async (_, body, status, code) => {
    expect(await send(body)).toEqual({ status, codes: [code] });
  });

  test.each([
    ['a named operation', { query: TWO, operationName: 'B' }],
    ['no name for the only one', { query: QUERY, operationName: null }],
  ])('and %s is answered', async (_, body) => {
    expect(await send(body)).toEqual({ status: 200, codes: undefined });
  });
});
