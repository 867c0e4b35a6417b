import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { createLogger } from '@deepstyle/platform';
import { createSubgraph, globalId } from '@deepstyle/service';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runGateway, serveSubgraph, type TestGateway } from './running-gateway.ts';

const KNOWN = globalId('Garment', 'g1');

/** The part of the cropper that these tests ask, and nothing behind it. */
const cropper = createSubgraph(
  'cropper',
  {
    Garment: {
      __resolveReference: ({ id }: { readonly id: string }) =>
        id === KNOWN ? { id, category: 'dress' } : null,
    },
    Run: {
      garmentCount: () => {
        throw new Error('relation "garments" does not exist in /srv/cropper/records.ts');
      },
    },
  },
  () => ({}),
  createLogger({ level: 'silent', name: 'test' }),
);

let subgraph: Awaited<ReturnType<typeof serveSubgraph>>;
let gateway: TestGateway;

beforeAll(async () => {
  subgraph = await serveSubgraph(cropper);
  gateway = await runGateway(subgraph.url, {
    CROPPER_GRAPH_URL: subgraph.url,
    GALLERY_GRAPH_URL: 'http://127.0.0.1:9/graphql',
  });
});
afterAll(async () => {
  await gateway.close();
  subgraph.close();
});

describe('the graph', () => {
  const CATEGORY = 'query ($id: ID!) { node(id: $id) { id ... on Garment { category } } }';

  test('a global id leads to the service that owns it', async () => {
    const { data } = await gateway.ask(CATEGORY, { id: KNOWN });
    expect(data.node).toEqual({ id: KNOWN, category: 'dress' });
  });

  test('an id that is the id of nothing is null', async () => {
    const { data, errors } = await gateway.ask(CATEGORY, { id: 'nothing' });
    expect([data.node, errors]).toEqual([null, undefined]);
  });

  test.each([
    ['a string', '{ node(id: "run_\\u0000") { id } }', {}, 'U+0000'],
    ['a string as it is', '{ node(id: "run_\0") { id } }', {}, 'U+0000'],
    ['a block string', '{ node(id: """run_\0""") { id } }', {}, 'U+0000'],
    ['a block string of no type', '{ node(id: """\0""") { id } }', {}, 'U+0000'],
    ['a block string that turns', '{ node(id: """run_\u202e""") { id } }', {}, 'U+202E'],
    ['a variable', 'query ($id: ID!) { node(id: $id) { id } }', { id: 'run_\0' }, 'U+0000'],
    ['half a pair', 'query ($id: ID!) { node(id: $id) { id } }', { id: 'run_\ud800' }, 'U+D800'],
    ['a default', 'query ($id: ID! = """\0""") { node(id: $id) { id } }', {}, 'U+0000'],
    ['a list', '{ nodes(ids: ["x", """\0"""]) { id } }', {}, 'U+0000'],
    [
      'a list as a variable',
      'query ($s: [ID!]!) { nodes(ids: $s) { id } }',
      { s: ['\0'] },
      'U+0000',
    ],
    [
      'another service',
      '{ node(id: """garment_\0""") { ... on Garment { category } } }',
      {},
      'U+0000',
    ],
  ])(
    'an id that is no text is refused by the character: %s',
    async (_, query, given, character) => {
      const { errors } = await gateway.ask(query, given);
      expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
      expect(errors?.[0]?.message).toContain(`must not hold the character ${character}`);
    },
  );

  test('an id may be a block string', async () => {
    const { data } = await gateway.ask(`{ node(id: """${KNOWN}""") { id } }`);
    expect(data.node).toEqual({ id: KNOWN });
  });

  test('several nodes come in the order of their ids', async () => {
    const ids = [globalId('Run', 'r1'), 'nothing', KNOWN];
    const { data } = await gateway.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
    expect(data.nodes).toEqual([{ id: ids[0] }, null, { id: KNOWN }]);
  });

  test('more nodes than a page holds are refused', async () => {
    const ids = Array.from({ length: 101 }, () => KNOWN);
    const { errors } = await gateway.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids,
    });
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors?.[0]?.message).toContain('at most 100');
  });

  test('a subgraph that is away is one sentence, without its address', async () => {
    const { errors } = await gateway.ask(
      'query ($id: ID!) { node(id: $id) { ... on TrendBatch { season } } }',
      { id: globalId('TrendBatch', 't1') },
    );
    expect(errors?.[0]?.extensions).toEqual({ code: 'SUBGRAPH_UNAVAILABLE' });
    expect(JSON.stringify(errors)).not.toContain('127.0.0.1');
  });

  test('a bug in a subgraph tells nothing of its inside', async () => {
    const { errors } = await gateway.ask(
      'query ($id: ID!) { node(id: $id) { ... on Run { garmentCount } } }',
      { id: globalId('Run', 'r1') },
    );
    expect(errors).toHaveLength(1);
    expect(JSON.stringify(errors)).not.toMatch(/relation|\/srv|\.ts/);
  });

  test('a query over the limits is refused before it runs', async () => {
    const aliases = Array.from({ length: 51 }, (_, index) => `a${index}: node(id: "x") { id }`);
    const { errors } = await gateway.ask(`{ ${aliases.join(' ')} }`);
    expect(errors?.[0]?.extensions.code).toBe('QUERY_TOO_LARGE');
  });

  test('a small query that is exponentially large when written out is refused', async () => {
    const fragments = Array.from(
      { length: 45 },
      (_, level) => `fragment F${level} on Query { ...F${level + 1} ...F${level + 1} }`,
    );
    const query = `{ ...F0 } ${fragments.join(' ')} fragment F45 on Query { __typename }`;
    const { errors } = await gateway.ask(query);
    expect(errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'QUERY_TOO_LARGE' }]);
    expect(errors?.[0]?.message).toContain('selections');
  });

  test('more tokens than a query needs are not parsed', async () => {
    const { errors } = await gateway.ask(`{ node(id: "x") { ${'id '.repeat(5_000)} } }`);
    expect(errors?.[0]?.extensions.code).toBe('GRAPHQL_PARSE_FAILED');
    expect(errors?.[0]?.message).toContain('tokens');
  });
});

interface Refusal {
  readonly what: string;
  readonly status: number;
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Part of what is answered. */
  readonly says?: string;
}

const JSON_BODY = { 'content-type': 'application/json' };
const SMALL = JSON.stringify({ query: '{ __typename }' });
const REFUSALS: readonly Refusal[] = [
  { what: 'a name of another host', status: 421, path: '/graphql', headers: { host: 'evil.test' } },
  {
    what: 'a body over 256 KB',
    status: 413,
    path: '/graphql',
    method: 'POST',
    headers: JSON_BODY,
    body: JSON.stringify({ query: 'x'.repeat(300_000) }),
  },
  {
    what: 'a body that is no JSON',
    status: 400,
    path: '/graphql',
    method: 'POST',
    headers: JSON_BODY,
    body: '{',
  },
  {
    what: 'a query that does not parse',
    status: 400,
    path: '/graphql',
    method: 'POST',
    headers: JSON_BODY,
    body: JSON.stringify({ query: '{' }),
  },
  { what: 'a form', status: 400, path: '/graphql', method: 'POST', body: 'query={__typename}' },
  { what: 'another method', status: 405, path: '/graphql', method: 'PUT', headers: JSON_BODY },
  { what: 'an image that is posted', status: 404, path: '/images/photos/aa/bb', method: 'POST' },
  { what: 'an unknown address', status: 404, path: '/server.js' },
  { what: 'an image that cannot be decoded', status: 400, path: '/images/%zz' },
  { what: 'an object that cannot be decoded', status: 400, path: '/objects/%zz' },
  { what: 'an object without a signature', status: 403, path: '/objects/photos/aa/bb' },
  { what: 'a page that cannot be decoded', status: 400, path: '/%zz' },
  { what: 'a file that cannot be decoded', status: 400, path: '/assets/%c0%ae.js' },
  { what: 'a probe with more behind it', status: 400, path: '/readyz/%zz' },
  {
    what: 'a body that is said to be compressed',
    status: 400,
    path: '/graphql',
    method: 'POST',
    headers: { ...JSON_BODY, 'content-encoding': 'gzip' },
    body: '{}',
  },
  {
    what: 'a body in an unknown charset',
    status: 415,
    path: '/graphql',
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=x' },
    body: '{}',
  },
  {
    what: 'a large query in the address behind a small one in the body',
    status: 400,
    path: `/graphql?query=${encodeURIComponent(`{ ${'__typename,'.repeat(1_001)} }`)}`,
    headers: { ...JSON_BODY, 'content-length': String(SMALL.length) },
    body: SMALL,
    says: 'QUERY_TOO_LARGE',
  },
  {
    what: 'a mutation by GET, of an empty name',
    status: 405,
    path: `/graphql?operationName=&query=${encodeURIComponent('mutation { dropDeadLetter(input: { id: "1" }) { id } }')}`,
    headers: JSON_BODY,
    says: 'GET requests only support query operations',
  },
  {
    what: 'a list of queries',
    status: 400,
    path: '/graphql',
    method: 'POST',
    headers: JSON_BODY,
    body: '[{"query":"{__typename}"}]',
  },
];

/** By node:http, for fetch does not let its caller name another host. */
function send({ path, method = 'GET', headers = {}, body }: Refusal) {
  return new Promise<{ readonly status: number; readonly text: string }>((resolve, reject) => {
    const options = { host: '127.0.0.1', port: gateway.port, path, method, headers };
    const sent = request(options, (response) => {
      const answer = async () => ({ status: response.statusCode ?? 0, text: await text(response) });
      answer().then(resolve, reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

describe('refused, and without a stack trace or a path of the program', () => {
  test.each(REFUSALS)('$what: $status', async (refusal) => {
    const answer = await send(refusal);
    expect(answer.status).toBe(refusal.status);
    expect(answer.text).toContain(refusal.says ?? '');
    expect(answer.text).not.toMatch(/\bat \S+ \(|node_modules|file:\/\/|\.[jt]s:\d/);
  });
});
