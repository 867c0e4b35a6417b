import type { ApolloServerPlugin } from '@apollo/server';
import { refuseOver } from '@deepstyle/service';
import type { GraphQLSchema } from 'graphql';
import { countNodes } from './count-nodes.ts';

/** Nodes that one query may return. A page of designs down to its photographs costs about 30,000. */
export const QUERY_LIMITS = { nodes: 200_000 } as const;

/** Refuses an operation that may return too many nodes, and tells its cost in `extensions.cost` otherwise. */
export function queryLimits(supergraph: GraphQLSchema): ApolloServerPlugin {
  return {
    requestDidStart: async () => {
      let nodes: number | null = null;
      return {
        didResolveOperation: async ({ document, operation, request }) => {
          if (operation === undefined) return;
          nodes = countNodes(supergraph, document, operation, request.variables ?? {});
          refuseOver({ nodes }, QUERY_LIMITS);
        },
        willSendResponse: async ({ response }) => {
          if (nodes === null || response.body.kind !== 'single') return;
          const { singleResult } = response.body;
          singleResult.extensions = {
            ...singleResult.extensions,
            cost: { nodes, limit: QUERY_LIMITS.nodes },
          };
        },
      };
    },
  };
}
