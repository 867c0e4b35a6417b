import { type ClassOf, type Draw, integer, letters, oneOf, type RequestInput } from '../input.ts';

const LIMITS = 'packages/service/src/graph/document-limits.ts';
const TEXT = 'packages/contracts/src/request-rules.ts';
const TOO_LARGE = 'QUERY_TOO_LARGE';
const INVALID = 'GRAPHQL_VALIDATION_FAILED';

interface Asked {
  readonly variables?: object;
  readonly code?: string | null;
  readonly authorization?: string | null;
}

/** A query as clients send it; without a code it is to be answered. */
export function query({ token }: Draw, source: string, asked: Asked = {}): RequestInput {
  const { variables = {}, code = null, authorization = `Bearer ${token}` } = asked;
  return {
    method: 'POST',
    path: '/graphql',
    headers: {
      'content-type': 'application/json',
      ...(authorization === null ? {} : { authorization }),
    },
    body: JSON.stringify({ query: source, variables }),
    statuses: [200, 400],
    code,
  };
}

const repeated = (count: number, part: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => part(n)).join(' ');

type Ask = (draw: Draw) => RequestInput;
export const ofRequest = (
  name: string,
  guard: string,
  hostile: Ask,
  honest: Ask,
): ClassOf<'request'> => ({
  door: 'request',
  name,
  guard,
  hostile,
  honest,
});

/** Fields in each other. */
const deep = (levels: number): string =>
  `{ runs(first: 1) { edges { node ${'{ collection { run '.repeat(levels)} { id } ${'} }'.repeat(levels)} } } }`;
const DEEPEST =
  '{ runs(first: 1) { edges { node { photos(first: 1) { edges { node { image { url } } } } } } } }';
const EDGES = '{ edges { node { id } } }';
const PAGE = `query ($n: Int!) { runs(first: $n) ${EDGES} }`;
const PHOTOS = `{ ... on Run { photos(first: 100) ${EDGES} } }`;
const SHARES = '{ categories { interval { low } } palette { interval { low } } }';
const NODES = 'query ($i: [ID!]!) { nodes(ids: $i) { id } }';
const START =
  'mutation ($input: StartRunInput!) { startRun(input: $input) { userErrors { code } } }';
const runIds = (count: number): string[] => Array.from({ length: count }, (_, n) => `run_${n}`);

/** As many as a body takes. */
const MAX_UNFIT = 12_000;
/** The first of them is told, in a few hundred characters. */
const MAX_REFUSAL_BYTES = 1000;
const times = (count: number, value: unknown): unknown[] =>
  Array.from({ length: count }, () => value);
/** Queries with as many values that do not fit. */
const UNFIT: readonly ((count: number) => readonly [source: string, variables: object])[] = [
  (count) => [NODES, { i: times(count, []) }],
  (count) => [NODES, { i: times(count, null) }],
  (count) => [START, { input: { sources: times(count, 7) } }],
  (count) => [
    START,
    { input: Object.fromEntries(times(count, 0).map((value, n) => [`sourcf${n}`, value])) },
  ],
];

export const QUERY_CLASSES: readonly ClassOf<'request'>[] = [
  ofRequest(
    'fragments that double each other',
    LIMITS,
    (draw) => {
      const levels = integer(draw.random, 12, 60);
      const fragments = repeated(
        levels,
        (n) => `fragment f${n} on Query { ...f${n + 1} ...f${n + 1} }`,
      );
      const last = `fragment f${levels} on Query { __typename }`;
      return query(draw, `{ ...f0 } ${fragments} ${last}`, { code: TOO_LARGE });
    },
    (draw) =>
      query(
        draw,
        '{ ...a } fragment a on Query { runs(first: 1) { edges { node { ...b } } } } fragment b on Run { id }',
      ),
  ),
  ofRequest(
    'fragments in a circle',
    LIMITS,
    (draw) => {
      const count = integer(draw.random, 1, 90);
      const fragments = repeated(
        count,
        (n) => `fragment f${n} on Query { ...f${(n + 1) % count} }`,
      );
      return query(draw, `{ ...f0 } ${fragments}`, { code: INVALID });
    },
    (draw) => query(draw, '{ ...a } fragment a on Query { __typename }'),
  ),
  ofRequest(
    'aliases',
    LIMITS,
    (draw) => {
      const aliases = repeated(integer(draw.random, 51, 400), (n) => `a${n}: __typename`);
      return query(draw, `{ ${aliases} }`, { code: TOO_LARGE });
    },
    (draw) =>
      query(draw, `{ ${repeated(integer(draw.random, 1, 50), (n) => `a${n}: __typename`)} }`),
  ),
  ofRequest(
    'fields in each other',
    LIMITS,
    (draw) => query(draw, deep(integer(draw.random, 9, 200)), { code: TOO_LARGE }),
    (draw) => query(draw, DEEPEST),
  ),
  ofRequest(
    'words beyond number',
    LIMITS,
    (draw) => {
      const source = oneOf(draw.random, [
        `{ ${'__typename '.repeat(4100)} }`,
        `{ __typename ${'@include(if: true) '.repeat(300)} }`,
        `{ runs(first: ${'['.repeat(3000)}1${']'.repeat(3000)}) { edges { cursor } } }`,
        `query (${repeated(1500, (n) => `$v${n}: Int`)}) { __typename }`,
      ]);
      return { ...query(draw, source), code: undefined, statuses: [400] };
    },
    (draw) => query(draw, `{ __typename } # ${'x'.repeat(100_000)}`),
  ),
  ofRequest(
    'pages beyond size',
    'gateway/src/query-limits.ts',
    (draw) => {
      const first = integer(draw.random, 300_000, 2_147_483_647);
      const written = `{ runs(first: ${first}) ${EDGES} }`;
      return draw.random() < 0.5
        ? query(draw, written, { code: TOO_LARGE })
        : query(draw, PAGE, { variables: { n: first }, code: TOO_LARGE });
    },
    (draw) => query(draw, PAGE, { variables: { n: integer(draw.random, 1, 100) } }),
  ),
  ofRequest(
    'variables that do not fit',
    'gateway/src/operation-rules.ts',
    (draw) => {
      const { random, number } = draw;
      const count = number === 0 ? MAX_UNFIT : integer(random, 1000, 5000);
      const [source, variables] = oneOf(random, UNFIT)(count);
      const refused = query(draw, source, { variables, code: 'BAD_USER_INPUT' });
      return { ...refused, statuses: [400], maxAnswerBytes: MAX_REFUSAL_BYTES };
    },
    (draw) => {
      const variables = { i: runIds(integer(draw.random, 1, 100)) };
      return query(draw, NODES, { variables });
    },
  ),
  ofRequest(
    'pages of many ids under many aliases',
    'gateway/src/count-nodes.ts',
    (draw) => {
      const ids = runIds(100);
      const count = integer(draw.random, 7, 25);
      const asked = (list: string) =>
        repeated(count, (n) => `a${n}: nodes(ids: ${list}) ${PHOTOS}`);
      return draw.random() < 0.5
        ? query(draw, `{ ${asked(JSON.stringify(ids))} }`, { code: TOO_LARGE })
        : query(draw, `query ($i: [ID!]!) { ${asked('$i')} }`, {
            variables: { i: ids },
            code: TOO_LARGE,
          });
    },
    (draw) => {
      const asked = repeated(integer(draw.random, 1, 25), (n) => `a${n}: nodes(ids: $i) { id }`);
      const variables = { i: runIds(integer(draw.random, 1, 100)) };
      return query(draw, `query ($i: [ID!]!) { ${asked} }`, { variables });
    },
  ),
  ofRequest(
    'an id that is named again and again',
    'gateway/src/node-subgraph.ts',
    (draw) => {
      const ids = Array.from({ length: integer(draw.random, 2, 100) }, () => 'run_0');
      const variables = { i: ids };
      return query(draw, NODES, { variables, code: 'BAD_USER_INPUT' });
    },
    (draw) => {
      const variables = { i: runIds(integer(draw.random, 1, 100)) };
      return query(draw, NODES, { variables });
    },
  ),
  ofRequest(
    'lists without pages in each other',
    'gateway/src/count-nodes.ts',
    (draw) => {
      const first = integer(draw.random, 10, 100);
      const source = `{ runs(first: ${first}) { edges { node { trendBatches ${SHARES} } } } }`;
      return query(draw, source, { code: TOO_LARGE });
    },
    (draw) =>
      query(
        draw,
        // Of services that the campaign starts.
        '{ runs(first: 1) { edges { node { rejections { code } } } } datasets(first: 1) { edges { node { categories { name } } } } }',
      ),
  ),
  ofRequest(
    'text that is none',
    TEXT,
    (draw) => {
      const text = oneOf(draw.random, [
        'a\u0000',
        '\ud800',
        '\u202egpj',
        '\u001b[2J',
        'x'.repeat(5000),
      ]);
      const input = { idempotencyKey: 'k', season: 'FW2026', sources: [{ folder: text }] };
      return query(draw, START, { variables: { input }, code: 'INVALID_ARGUMENT' });
    },
    (draw) =>
      query(draw, 'query ($id: ID!) { datasetImport(id: $id) { id } }', {
        variables: { id: 'Zoë 👗 כותנה' },
      }),
  ),
  ofRequest(
    'ids and cursors of others',
    'packages/service/src/graph/global-id.ts',
    (draw) => {
      const id = oneOf(draw.random, [
        "run_'; DROP TABLE runs",
        'photo_../../x',
        '__proto__',
        'run_%00',
        letters(draw.random, 3000),
      ]);
      return query(draw, 'query ($id: ID!) { run(id: $id) { id } }', {
        variables: { id },
        // One of the right kind may be of none.
        code: id.startsWith('run_') ? null : 'BAD_USER_INPUT',
      });
    },
    (draw) =>
      query(draw, 'query ($a: String) { runs(first: 1, after: $a) { edges { cursor } } }', {
        variables: { a: null },
      }),
  ),
];
