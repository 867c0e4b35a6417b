import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type GraphAnswer, runGateway, type TestGateway } from './running-gateway.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await runGateway();
});
afterAll(() => gateway.close());

async function send(body: unknown): Promise<{ status: number; codes: unknown; bytes: number }> {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  const { errors } = JSON.parse(text) as GraphAnswer;
  const codes = errors?.map(({ extensions }) => extensions.code);
  return { status: response.status, codes, bytes: text.length };
}

const persisted = (sha256Hash: unknown, version = 1) => ({
  persistedQuery: { version, sha256Hash },
});
const OF_ID = 'query ($id: ID!) { node(id: $id) { id } }';
const NODES = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
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
    [
      'an empty name for one of several',
      { query: TWO, operationName: '' },
      400,
      'OPERATION_RESOLUTION_FAILURE',
    ],
    ['one of several operations', { query: TWO }, 400, 'OPERATION_RESOLUTION_FAILURE'],
  ])('%s', async (_, body, status, code) => {
    expect(await send(body)).toMatchObject({ status, codes: [code] });
  });

  const START = 'mutation ($i: StartRunInput!) { startRun(input: $i) { userErrors { message } } }';
  const unknown = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`sourcf${i}`, 0]));
  test.each([
    ['fields that are not there', { query: START, variables: { i: unknown } }],
    [
      'ids that are none',
      { query: NODES, variables: { ids: Array.from({ length: 20_000 }, () => []) } },
    ],
    ['no ids', { query: NODES, variables: { ids: Array.from({ length: 20_000 }, () => null) } }],
  ])('%s are refused at the first of them', async (_, body) => {
    const { status, codes, bytes } = await send(body);
    expect({ status, codes }).toEqual({ status: 400, codes: ['BAD_USER_INPUT'] });
    expect(bytes).toBeLessThan(1000);
  });

  test.each([
    ['a named operation', { query: TWO, operationName: 'B' }],
    ['no name for the only one', { query: QUERY, operationName: null }],
    ['an empty name for the only one', { query: QUERY, operationName: '' }],
    [
      'an empty name for one that has a name',
      { query: 'query A { __typename }', operationName: '' },
    ],
  ])('and %s is answered', async (_, body) => {
    expect(await send(body)).toMatchObject({ status: 200, codes: undefined });
  });
});
