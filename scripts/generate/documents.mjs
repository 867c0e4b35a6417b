// What the page and the command line ask the graph: every .graphql file below their src/ as text with the types of its
// answer and variables, in src/gen/documents.ts. Neither has to carry a parser.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codegen } from '@graphql-codegen/core';
import * as operations from '@graphql-codegen/typescript-operations';
import { buildASTSchema, Kind, parse, print, Source, stripIgnoredCharacters, visit } from 'graphql';
import { filesUnder } from '../build/files.mjs';
import { ROOT } from '../build/places.mjs';
import { replaceTree, SUPERGRAPH } from './generated-files.mjs';
import { TYPE_SETTINGS } from './type-settings.mjs';

const GRAPH_DOCUMENT = `
/** A document, with the types of its answer and variables; when the program runs, it is a string. */
export type GraphDocument<Answer, Variables> = string & {
  readonly types?: (variables: Variables) => Answer;
};
`;

/** The schema that clients see: the supergraph without what the gateway alone reads. */
function clientSchema() {
  const supergraph = parse(readFileSync(join(ROOT, SUPERGRAPH), 'utf8'));
  const isOfGateway = ({ kind, name }) =>
    kind === Kind.DIRECTIVE ||
    kind === Kind.DIRECTIVE_DEFINITION ||
    (kind.endsWith('Definition') && name?.value.includes('__'));
  return buildASTSchema(
    visit(supergraph, { enter: (node) => (isOfGateway(node) ? null : undefined) }),
  );
}

/** The fragments that a definition uses, with those that they use. */
function fragmentsOf(definition, fragments, found = new Set()) {
  visit(definition, {
    FragmentSpread: ({ name: { value } }) => {
      if (found.has(value)) return;
      found.add(value);
      fragmentsOf(fragments.get(value), fragments, found);
    },
  });
  return [...found];
}

/** `RunProgress` becomes RUN_PROGRESS. */
const constantName = (name) => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase();
const fragmentName = (name) => `${constantName(name)}_FRAGMENT`;
const textOf = (definition) => JSON.stringify(stripIgnoredCharacters(print(definition)));

/** Each operation as a constant; a fragment's text stands once. */
const texts = {
  plugin: (_schema, documents) => {
    const definitions = documents.flatMap(({ document }) => document.definitions);
    const ofKind = (wanted) => definitions.filter(({ kind }) => kind === wanted);
    const fragments = new Map(
      ofKind(Kind.FRAGMENT_DEFINITION).map((fragment) => [fragment.name.value, fragment]),
    );
    const operationText = (operation) => {
      const name = operation.name.value;
      const used = fragmentsOf(operation, fragments).map(fragmentName);
      const text = [textOf(operation), ...used].join(' + ');
      return `export const ${constantName(name)} = (${text}) as GraphDocument<${name}, ${name}Variables>;`;
    };
    return [
      GRAPH_DOCUMENT,
      ...[...fragments].map(([name, node]) => `const ${fragmentName(name)} = ${textOf(node)};`),
      '',
      ...ofKind(Kind.OPERATION_DEFINITION).map(operationText),
      '',
    ].join('\n');
  },
};

function documentsOf(home, schemaAst) {
  const paths = filesUnder(`${home}/src`).filter((path) => path.endsWith('.graphql'));
  const documents = paths.sort().map((path) => ({
    location: path,
    document: parse(new Source(readFileSync(join(ROOT, path), 'utf8'), path)),
  }));
  return codegen({
    filename: 'documents.ts',
    schemaAst,
    documents,
    plugins: [{ operations: {} }, { texts: {} }],
    pluginMap: { operations, texts },
    config: {
      ...TYPE_SETTINGS,
      // Not a number either.
      scalars: { ...TYPE_SETTINGS.scalars, ID: 'string' },
      enumType: 'string-literal',
      omitOperationSuffix: true,
      mergeFragmentTypes: true,
    },
  });
}

export async function generateDocuments() {
  const schema = clientSchema();
  for (const home of ['packages/cli', 'packages/web']) {
    const content = await documentsOf(home, schema);
    replaceTree(join(ROOT, `${home}/src/gen`), new Map([['documents.ts', content]]));
  }
}
