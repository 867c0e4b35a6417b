// Types for the resolvers of each service, from the schema of its subgraph: services/<name>/src/gen/graph.ts.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codegen } from '@graphql-codegen/core';
import * as typescript from '@graphql-codegen/typescript';
import * as resolvers from '@graphql-codegen/typescript-resolvers';
import { Kind, parse } from 'graphql';
import { foldersIn } from '../build/files.mjs';
import { ROOT } from '../build/places.mjs';
import { writeChanged } from './generated-files.mjs';
import { TYPE_SETTINGS } from './type-settings.mjs';

const SHARED_SCHEMA = 'packages/service/src/graph/shared.graphql';
const KIT = '@deepstyle/service';

// @link imports these; a validator wants to see them.
const FEDERATION_DIRECTIVES = `
  directive @link(url: String!, import: [String!]!) repeatable on SCHEMA
  directive @key(fields: String!, resolvable: Boolean) repeatable on OBJECT
  directive @listSize(assumedSize: Int) on FIELD_DEFINITION
  directive @shareable on OBJECT
`;

const scalars = Object.keys(TYPE_SETTINGS.scalars).map((name) => `'${name}'`);
const COMPLETE_RESOLVERS = `
/** The resolvers of the subgraph: one for each field that its node does not hold as the schema has it. */
export type SubgraphResolvers<Loaders extends object = object> = CompleteResolvers<
  Omit<Resolvers<GraphContext<Loaders>>, ${scalars.join(' | ')}>,
  ResolversParentTypes
>;
`;
const completeness = {
  plugin: () => ({
    prepend: [`import type { CompleteResolvers } from '${KIT}';`],
    content: COMPLETE_RESOLVERS,
  }),
};

const read = (path) => readFileSync(join(ROOT, path), 'utf8');

/** Schema type -> the node type that its resolvers get: `export type GarmentNode` in src/graph-nodes.ts is Garment's. */
function declaredNodes(service) {
  const path = `services/${service}/src/graph-nodes.ts`;
  if (!existsSync(join(ROOT, path))) return {};
  const names = [...read(path).matchAll(/^export (?:type|interface) (\w+)Node\b/gm)];
  return Object.fromEntries(names.map(([, type]) => [type, `../graph-nodes.ts#${type}Node`]));
}

/** Node types by schema type. What is not named here has the type that the schema says. */
function nodeTypes(service, schema) {
  const types = schema.definitions.filter(({ kind }) => kind === Kind.OBJECT_TYPE_DEFINITION);
  const entities = types.filter(({ directives }) =>
    directives.some(({ name }) => name.value === 'key'),
  );
  const declared = declaredNodes(service);
  for (const type of Object.keys(declared)) {
    if (types.some(({ name }) => name.value === type)) continue;
    throw new Error(
      `services/${service}/src/graph-nodes.ts exports ${type}Node, but its schema has no type ${type}`,
    );
  }
  return {
    ...Object.fromEntries(entities.map(({ name }) => [name.value, `${KIT}#EntityReference`])),
    Image: `${KIT}#ImageField`,
    ...declared,
  };
}

function resolverTypes(service) {
  const sources = [
    FEDERATION_DIRECTIVES,
    read(SHARED_SCHEMA),
    read(`services/${service}/schema.graphql`),
  ];
  const schema = parse(sources.join('\n'));
  return codegen({
    filename: 'graph.ts',
    schema,
    documents: [],
    plugins: [{ typescript: {} }, { resolvers: {} }, { completeness: {} }],
    pluginMap: { typescript, resolvers, completeness },
    config: {
      ...TYPE_SETTINGS,
      federation: true,
      // All required: CompleteResolvers says which resolvers are not.
      avoidOptionals: { field: true, resolvers: true, query: true, mutation: true },
      makeResolverTypeCallable: true,
      contextType: `${KIT}#GraphContext`,
      mappers: nodeTypes(service, schema),
    },
  });
}

export async function generateResolverTypes() {
  const services = foldersIn('services').filter((service) =>
    existsSync(join(ROOT, `services/${service}/schema.graphql`)),
  );
  for (const service of services) {
    writeChanged(join(ROOT, `services/${service}/src/gen/graph.ts`), await resolverTypes(service));
  }
}
