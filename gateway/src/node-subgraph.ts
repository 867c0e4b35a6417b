import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { assetPath, InvalidArgumentError, type Logger } from '@deepstyle/platform';
import { GLOBAL_ID_PREFIXES, guardResolvers, nodeTypeOf, type Subgraph } from '@deepstyle/service';
import { parse } from 'graphql';

const MAX_NODES = 100;

/** `Node` and its queries, with every type that has a global id; who owns a type describes it. */
export function readNodeTypeDefs(): string {
  const types = Object.keys(GLOBAL_ID_PREFIXES).map(
    (type) =>
      `type ${type} implements Node @key(fields: "id", resolvable: false) {\n  "Global id."\n  id: ID!\n}`,
  );
  return [readFileSync(assetPath('gateway/schema.graphql'), 'utf8').trim(), ...types].join('\n\n');
}

/**
 * The gateway's own part of the graph: turns the prefix of a global id into a type name; the owning subgraph resolves
 * the rest.
 */
export function createNodeSubgraph(logger: Logger): Subgraph {
  const typeDefs = readNodeTypeDefs();
  const resolvers = {
    Node: { __resolveType: (node: { readonly __typename: string }) => node.__typename },
    Query: {
      node: (_parent: unknown, { id }: { readonly id: string }) => nodeOf(id),
      nodes: (_parent: unknown, { ids }: { readonly ids: readonly string[] }) => {
        if (ids.length > MAX_NODES)
          throw new InvalidArgumentError('ids', `at most ${MAX_NODES}, not ${ids.length}`);
        if (new Set(ids).size < ids.length)
          throw new InvalidArgumentError('ids', 'must name each id once');
        return ids.map(nodeOf);
      },
    },
  };
  return {
    name: 'node',
    typeDefs,
    schema: buildSubgraphSchema({
      typeDefs: parse(typeDefs),
      resolvers: guardResolvers(resolvers, logger) as never,
    }),
    context: (authorized) => ({ authorized, loaders: {} }),
  };
}

function nodeOf(id: string): { __typename: string; id: string } | null {
  const type = nodeTypeOf(id);
  return type === null ? null : { __typename: type, id };
}
