import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assetPath } from '@deepstyle/platform';
import { DOCUMENT_LIMITS, refuseLargeDocument } from '@deepstyle/service';
import { describe, expect, test } from '@jest/globals';
import {
  buildSchema,
  concatAST,
  getIntrospectionQuery,
  Kind,
  parse,
  print,
  Source,
  separateOperations,
  validate,
} from 'graphql';
import { countNodes } from '../src/count-nodes.ts';
import { QUERY_LIMITS } from '../src/query-limits.ts';

const supergraph = buildSchema(readFileSync(assetPath('gateway/supergraph.graphql'), 'utf8'), {
  assumeValidSDL: true,
});

/** Sources below `folder` with such an ending, but for what is generated. */
function sources(folder: string, ending: RegExp): string[] {
  return readdirSync(assetPath(folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => ending.test(path) && !path.includes('/gen/'))
    .sort();
}

const read = (path: string) => readFileSync(assetPath(path), 'utf8');

describe.each(['packages/web/src', 'packages/cli/src'])('the documents of %s', (folder) => {
  const paths = sources(folder, /\.graphql$/);
  const document = concatAST(paths.map((path) => parse(new Source(read(path), path))));
  const operations = document.definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  );

  test('ask for what the graph has', () => {
    expect(validate(supergraph, document).map(String)).toEqual([]);
    expect(operations.length).toBeGreaterThan(0);
  });

  test('stay within the limits of a query', () => {
    for (const sent of Object.values(separateOperations(document)))
      refuseLargeDocument(print(sent), DOCUMENT_LIMITS);
    for (const operation of operations)
      expect(countNodes(supergraph, document, operation, {})).toBeLessThanOrEqual(
        QUERY_LIMITS.nodes,
      );
  });

  test('are all that is sent: each stands in its generated code, none in other sources', () => {
    const generated = read(`${folder}/gen/documents.ts`);
    for (const { operation, name } of operations)
      expect(generated).toContain(`"${operation} ${name?.value}`);
    const inline = sources(folder, /\.tsx?$/).filter((path) =>
      /[`'"]\s*(query|mutation|subscription|fragment)\b[^'"]*\{/.test(read(path)),
    );
    expect(inline).toEqual([]);
  });
});

test('an introspection stays within the limits of a query', () => {
  const options = { inputValueDeprecation: true, schemaDescription: true, specifiedByUrl: true };
  refuseLargeDocument(getIntrospectionQuery(options), DOCUMENT_LIMITS);
});
