import { describe, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import {
  createMeasure,
  DOCUMENT_LIMITS,
  documentOf,
  refuseLargeDocument,
  SUBGRAPH_DOCUMENT_LIMITS,
} from '../src/graph/document-limits.ts';

/** Fragments that each spread the next twice: `levels` of them write out to 2^levels fields. */
function doubling(levels: number): string {
  const fragments = Array.from(
    { length: levels },
    (_, level) => `fragment F${level} on Query { ...F${level + 1} ...F${level + 1} }`,
  );
  return `{ ...F0 } ${fragments.join(' ')} fragment F${levels} on Query { __typename }`;
}

const repeated = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');

describe('a document', () => {
  test('whose fragments double at each level is measured by a walk over each of them once', () => {
    const document = parse(doubling(45));
    let walked = 0;
    for (const definition of document.definitions) {
      if (!('selectionSet' in definition)) continue;
      const { selectionSet } = definition;
      Object.defineProperty(definition, 'selectionSet', {
        get: () => {
          walked += 1;
          return selectionSet;
        },
      });
    }
    const [operation] = document.definitions;
    if (operation === undefined) throw new Error('no operation');
    expect(createMeasure(document)(operation).selections).toBeGreaterThan(2 ** 45);
    // Those of the operation and of 46 fragments, read once or twice each.
    expect(walked).toBeLessThanOrEqual(2 * 47);
  });

  test.each([
    ['selections', doubling(45)],
    ['selections', `{ ${repeated(1_001, () => 'id')} }`],
    ['depth', `{ ${'a { '.repeat(18)} id ${'} '.repeat(18)} }`],
    ['aliases', `{ ${repeated(51, (index) => `a${index}: id`)} }`],
    ['directives', `{ ${repeated(51, () => 'id @skip(if: false)')} }`],
    ['fragments', `{ id } ${repeated(101, (index) => `fragment F${index} on Query { id }`)}`],
  ])('over the limit of %s is refused by that name', (name, query) => {
    expect(() => refuseLargeDocument(query, DOCUMENT_LIMITS)).toThrow(
      `The query is too large: ${name} `,
    );
  });

  test('hidden in a fragment or an operation that nothing runs is refused too', () => {
    const wide = `{ ${repeated(1_001, () => 'id')} }`;
    for (const query of [`{ id } fragment F on Query ${wide}`, `{ id } query Other ${wide}`])
      expect(() => refuseLargeDocument(query, DOCUMENT_LIMITS)).toThrow('selections');
  });

  test('whose fragments spread each other in a circle is left to the validation', () => {
    const query = '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }';
    refuseLargeDocument(query, DOCUMENT_LIMITS);
  });

  test('that uses a fragment at many places passes', () => {
    refuseLargeDocument(doubling(6), DOCUMENT_LIMITS);
    refuseLargeDocument(doubling(8), SUBGRAPH_DOCUMENT_LIMITS);
  });

  test('that is none is left to the parser', () => {
    for (const source of [undefined, 7, '{', '[['.repeat(2_000), '{ a '.repeat(50_000)])
      refuseLargeDocument(source, SUBGRAPH_DOCUMENT_LIMITS);
  });
});

describe('the document of a request', () => {
  test('that is posted stands in its body', () => {
    expect(documentOf({ method: 'POST', url: '/?query=a', body: { query: 'b' } })).toBe('b');
    expect(documentOf({ method: 'POST', url: '/?query=a', body: undefined })).toBe(undefined);
  });

  test.each([
    ['behind a body', '/?query=%7Ba%7D'],
    ['behind many parameters', `/?${'x&'.repeat(2_000)}query=%7Ba%7D`],
    ['before a hash', '/?query=%7Ba%7D#&query=b'],
  ])('that is asked for by GET stands in its address: %s', (_, url) => {
    expect(documentOf({ method: 'GET', url, body: { query: 'b' } })).toBe('{a}');
  });
});
