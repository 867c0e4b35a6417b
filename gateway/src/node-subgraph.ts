import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { assetPath, InvalidArgumentError, type Logger } from '@deepstyle/platform';
import { graphError, nodeTypeOf, type Subgraph } from '@deepstyle/service';
import { parse } from 'graphql';

const MAX_NODES = 100;

/**
 * The gateway's own part of the graph: turns the prefix of a global id into a type name; the owning subgraph resolves
 * the rest.
 */
export function createNodeSubgraph(logger: Logger): Subgraph {
  const typeDefs = readFileSync(assetPath('gateway/schema.graphql'), 'utf8');
  const resolvers = {
    Node: { __resolveType: (node: { readonly __typename: string }) => node.__typename },
    Query: {
      node: (_parent: unknown, { id }: { readonly id: string }) => nodeOf(id),
      nodes: (_parent: unknown, { ids }: { readonly ids: readonly string[] }) => {
        if (ids.length > MAX_NODES) {
          throw graphError(
            new InvalidArgumentError('ids', `at most ${MAX_NODES}, not ${ids.length}`),
            logger,
          );
        }
        return ids.map(nodeOf);
      },
    },
  };
  return {
    name: 'node',
    typeDefs,
    schema: buildSubgraphSchema({ typeDefs: parse(typeDefs), resolvers }),
    context: (authorised) => ({ authorised, loaders: {} }),
  };
}

function nodeOf(id: string): { __typename: string; id: string } | null {
  const type = nodeTypeOf(id);
  return type === null ? null : { __typename: type, id };
}
