import type { ApolloServerPlugin } from '@apollo/server';
import { createMeasure, refuseOver } from '@deepstyle/service';
import { Kind, type OperationDefinitionNode } from 'graphql';

/** Nodes that one query may return. A page of designs down to its photographs costs about 30,000. */
export const QUERY_LIMITS = { nodes: 200_000 } as const;

/** Refuses an operation that may return too many nodes, and tells its cost in `extensions.cost` otherwise. */
export function queryLimits(): ApolloServerPlugin {
  return {
    requestDidStart: async () => {
      let nodes: number | null = null;
      return {
        didResolveOperation: async ({ document, operation, request }) => {
          if (operation === undefined) return;
          const variables = { ...defaultsOf(operation), ...request.variables };
          const cost = createMeasure(document, variables)(operation);
          nodes = cost.nodes;
          refuseOver(cost, QUERY_LIMITS);
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

/** A page size left to its default counts as much as one that is given. */
function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Record<string, number> {
  return Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue?.kind === Kind.INT ? [[variable.name.value, Number(defaultValue.value)]] : [],
    ),
  );
}
