import { readFileSync } from 'node:fs';
import { assetPath } from '@deepstyle/platform';
import { DOCUMENT_LIMITS, globalId, refuseLargeDocument } from '@deepstyle/service';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  buildSchema,
  getNamedType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
} from 'graphql';
import { countNodes } from '../src/count-nodes.ts';
import { QUERY_LIMITS } from '../src/query-limits.ts';
import { runGateway, type TestGateway } from './running-gateway.ts';

const supergraph = buildSchema(readFileSync(assetPath('gateway/supergraph.graphql'), 'utf8'), {
  assumeValidSDL: true,
});

function nodesOf(query: string, variables: Record<string, unknown> = {}): number {
  const document = parse(query);
  const operation = document.definitions.find(
    (definition): definition is OperationDefinitionNode =>
      definition.kind === Kind.OPERATION_DEFINITION,
  );
  if (operation === undefined) throw new Error('no operation');
  return countNodes(supergraph, document, operation, variables);
}

const PAGE =
  'trendBatches(first: 20) { edges { node { collection { designs(first: 64) { edges { node { id } } } } } } }';

describe('the nodes that a query may return', () => {
  test('multiplies nested pages', () => {
    // trendBatches, edges, node, collection: 20 each; designs, edges, node: 20 * 64 each.
    expect(nodesOf(`{ ${PAGE} }`)).toBe(4 * 20 + 3 * 20 * 64);
  });

  test('a page size given as a variable counts as much as a literal', () => {
    const query = `query ($n: Int!) { ${PAGE.replace('64', '$n')} }`;
    expect(nodesOf(query, { n: 64 })).toBe(nodesOf(`{ ${PAGE} }`));
  });

  test('fragments cost what they spread', () => {
    const query =
      'query { ...F } fragment F on Query { runs(first: 10) { edges { node { id } } } }';
    expect(nodesOf(query)).toBe(nodesOf('{ runs(first: 10) { edges { node { id } } } }'));
  });

  test('the way from a trend batch to the photographs fits the limits', () => {
    const query = `{ trendBatches(first: 1) { edges { node { collection { designs(first: 64) { edges { node {
      model { garments(first: 10) { edges { node { photo { image { url } } } } } } } } } } } } } }`;
    refuseLargeDocument(query, DOCUMENT_LIMITS);
    expect(nodesOf(query)).toBeLessThanOrEqual(QUERY_LIMITS.nodes);
  });

  const IDS = ['run_1', 'run_2', 'run_3'];
  const PHOTOS = '{ ... on Run { photos(first: 10) { edges { node { id } } } } }';
  // For each id: the node, its photos, and their edges and nodes.
  const OF_THREE = 3 * (1 + 10 * 3);

  test.each([
    ['written', `{ nodes(ids: ${JSON.stringify(IDS)}) ${PHOTOS} }`, {}],
    ['as a variable', `query ($ids: [ID!]!) { nodes(ids: $ids) ${PHOTOS} }`, { ids: IDS }],
    [
      'some as variables',
      `query ($id: ID!) { nodes(ids: [$id, "run_2", $id]) ${PHOTOS} }`,
      { id: 'run_1' },
    ],
    [
      'as a default',
      `query ($ids: [ID!]! = ${JSON.stringify(IDS)}) { nodes(ids: $ids) ${PHOTOS} }`,
      {},
    ],
    [
      'in a fragment',
      `{ ...F } fragment F on Query { nodes(ids: ${JSON.stringify(IDS)}) ${PHOTOS} }`,
      {},
    ],
  ])('multiplies by the number of ids: %s', (_, query, variables) => {
    expect(nodesOf(query, variables)).toBe(OF_THREE);
  });

  test('one id that stands without a list is one', () => {
    expect(nodesOf(`{ nodes(ids: "run_1") ${PHOTOS} }`)).toBe(OF_THREE / 3);
    expect(nodesOf(`query ($ids: [ID!]!) { nodes(ids: $ids) ${PHOTOS} }`, { ids: 'run_1' })).toBe(
      OF_THREE / 3,
    );
  });

  test('a list without pages counts by the size that the schema says', () => {
    expect(nodesOf('{ run(id: "run_1") { rejections { code } } }')).toBe(1 + 100);
    expect(
      nodesOf(
        '{ node(id: "run_1") { ... on Run { ...F } } } fragment F on Run { rejections { code } }',
      ),
    ).toBe(1 + 100);
  });

  test('every list in the graph says its size, by a page or by itself', () => {
    const silent = Object.values(supergraph.getTypeMap())
      .filter(isObjectType)
      .filter(({ name }) => !name.startsWith('__'))
      .flatMap((type) => {
        const isPage = type.getFields()['pageInfo'] !== undefined;
        return Object.values(type.getFields())
          .filter((field) => isListType(isNonNullType(field.type) ? field.type.ofType : field.type))
          .filter((field) => 'getFields' in getNamedType(field.type))
          .filter(({ name, args, astNode }) => {
            const isSized = astNode?.directives?.some((one) => one.name.value === 'listSize');
            return (
              !isSized && !(isPage && name === 'edges') && !args.some((one) => one.name === 'ids')
            );
          })
          .map(({ name }) => `${type.name}.${name}`);
      });
    // A mutation has at most one, and nothing has several mutations but a document.
    expect(silent.filter((field) => !field.endsWith('Payload.userErrors'))).toEqual([]);
  });
});

describe('a gateway', () => {
  const IDS = Array.from({ length: 100 }, (_, n) => globalId('Run', `r${n}`));
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await runGateway();
  });
  afterAll(() => gateway.close());

  const aliased = (count: number, field: string): string =>
    Array.from({ length: count }, (_, n) => `a${n}: ${field}`).join(' ');

  test('refuses a small query whose many aliases ask for many ids with a page each', async () => {
    const field =
      'nodes(ids: $ids) { ... on Run { photos(first: 100) { edges { node { id } } } } }';
    const query = `query ($ids: [ID!]!) { ${aliased(40, field)} }`;
    const { data, errors } = await gateway.ask(query, { ids: IDS });
    expect(data).toBe(undefined);
    expect(errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'QUERY_TOO_LARGE' }]);
    expect(errors?.[0]?.message).toContain('nodes 1204000, at most 200000');
  });

  test('says what many ids cost, and answers them', async () => {
    const query = `query ($ids: [ID!]!) { ${aliased(2, 'nodes(ids: $ids) { id }')} }`;
    const { data, extensions } = await gateway.ask(query, { ids: IDS });
    expect(data.a1).toEqual(IDS.map((id) => ({ id })));
    expect(extensions).toEqual({ cost: { nodes: 200, limit: QUERY_LIMITS.nodes } });
  });

  test('refuses an id that is named twice', async () => {
    const { errors } = await gateway.ask(`{ nodes(ids: ["${IDS[0]}", "${IDS[0]}"]) { id } }`);
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors?.[0]?.message).toContain('each id once');
  });
});
