import { createMeasure, DOCUMENT_LIMITS } from '@deepstyle/service';
import { describe, expect, test } from '@jest/globals';
import { Kind, type OperationDefinitionNode, parse } from 'graphql';
import { QUERY_LIMITS } from '../src/query-limits.ts';

function measure(query: string, variables: Record<string, unknown> = {}) {
  const document = parse(query);
  const operation = document.definitions.find(
    (definition): definition is OperationDefinitionNode =>
      definition.kind === Kind.OPERATION_DEFINITION,
  );
  if (operation === undefined) throw new Error('no operation');
  return createMeasure(document, variables)(operation);
}

const PAGE =
  'trendBatches(first: 20) { edges { node { collection { designs(first: 64) { edges { node { id } } } } } } }';

describe('the nodes that a query may return', () => {
  test('multiplies nested pages', () => {
    // trendBatches, edges, node, collection: 20 each; designs, edges, node: 20 * 64 each.
    expect(measure(`{ ${PAGE} }`).nodes).toBe(4 * 20 + 3 * 20 * 64);
  });

  test('a page size given as a variable counts as much as a literal', () => {
    const query = `query ($n: Int!) { ${PAGE.replace('64', '$n')} }`;
    expect(measure(query, { n: 64 })).toEqual(measure(`{ ${PAGE} }`));
  });

  test('fragments cost what they spread', () => {
    const query =
      'query { ...F } fragment F on Query { runs(first: 10) { edges { node { id } } } }';
    expect(measure(query).nodes).toBe(
      measure('{ runs(first: 10) { edges { node { id } } } }').nodes,
    );
  });

  test('the way from a trend batch to the photographs fits the limits', () => {
    const query = `{ trendBatches(first: 1) { edges { node { collection { designs(first: 64) { edges { node {
      model { garments(first: 10) { edges { node { photo { image { url } } } } } } } } } } } } } }`;
    const cost = measure(query);
    expect(cost.depth).toBeLessThanOrEqual(DOCUMENT_LIMITS.depth);
    expect(cost.nodes).toBeLessThanOrEqual(QUERY_LIMITS.nodes);
  });
});
