import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { graphChanges } from '../../scripts/check/graph-changes.mjs';

const SUPERGRAPH = `
  schema @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION) {
    query: Query
  }
  directive @join__type(graph: join__Graph!) repeatable on OBJECT | ENUM
  directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE
  directive @join__graph(name: String!, url: String!) on ENUM_VALUE
  directive @link(url: String, for: link__Purpose) repeatable on SCHEMA
  scalar join__FieldSet
  enum join__Graph {
    SCRAPER @join__graph(name: "scraper", url: "")
  }
  enum link__Purpose {
    EXECUTION
  }
  type Query @join__type(graph: SCRAPER) {
    photos(first: Int): [Photo!]!
  }
  type Photo @join__type(graph: SCRAPER) {
    id: ID!
    brand: String
    kind: Kind!
  }
  enum Kind @join__type(graph: SCRAPER) {
    STREET @join__enumValue(graph: SCRAPER)
    STUDIO @join__enumValue(graph: SCRAPER)
  }`;

/** What the rule says where one text in the supergraph becomes another. */
function changesBy(from: string, to: string): string[] {
  expect(SUPERGRAPH).toContain(from);
  return graphChanges(SUPERGRAPH, SUPERGRAPH.replaceAll(from, to));
}

test('nothing changed breaks nothing', () => {
  expect(graphChanges(SUPERGRAPH, SUPERGRAPH)).toEqual([]);
  const committed = readFileSync(
    new URL('../../gateway/supergraph.graphql', import.meta.url),
    'utf8',
  );
  expect(graphChanges(committed, committed)).toEqual([]);
  expect(graphChanges(committed, SUPERGRAPH).join('\n')).not.toMatch(/join__|link__/);
});

test.each([
  ['a new field', '    brand: String\n', '    brand: String\n    label: String!\n'],
  ['a new optional argument', '(first: Int)', '(first: Int, after: String)'],
  ['a field that is never null now', 'brand: String', 'brand: String!'],
  ['another service that resolves', 'SCRAPER', 'COLLECTOR'],
])('%s breaks nothing', (_what, from, to) => {
  expect(changesBy(from, to)).toEqual([]);
});

test.each([
  ['a field that is gone', '    brand: String\n', '', 'Photo.brand was removed.'],
  ['a renamed field', 'brand:', 'label:', 'Photo.brand was removed.'],
  ['a renamed type', 'Photo', 'Picture', 'Photo was removed.'],
  [
    'an enum value that is gone',
    'STUDIO @',
    'INDOORS @',
    'STUDIO was removed from enum type Kind.',
  ],
  [
    'a required argument',
    'first: Int',
    'first: Int!',
    'Query.photos arg first has changed type from Int to Int!.',
  ],
  ['a field that may be null now', 'Kind!', 'Kind', 'Photo.kind changed type from Kind! to Kind.'],
])('%s is a break', (_what, from, to, message) => {
  expect(changesBy(from, to)).toContain(message);
});
