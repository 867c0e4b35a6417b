import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerErrorCode } from '@apollo/server/errors';
import { type ASTVisitor, GraphQLError, type ValidationContext } from 'graphql';

/** Refuses an operation of a kind that the graph does not have; the rules of graphql-js 16 look only at its fields. */
export function knownOperationKinds(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition: (node) => {
      if (context.getSchema().getRootType(node.operation)) return;
      const message = `The graph has no operations of the kind ${node.operation}.`;
      context.reportError(new GraphQLError(message, { nodes: node }));
    },
  };
}

/** Refuses a document of which no operation is named, or one that it does not hold; the planner would fail on it. */
export function refuseUnknownOperations(): ApolloServerPlugin {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ operation, request: { operationName } }) => {
        if (operation !== undefined) return;
        const message =
          operationName === undefined
            ? 'The document has several operations. Name one of them in operationName.'
            : `The document has no operation with the name "${operationName}".`;
        const code = ApolloServerErrorCode.OPERATION_RESOLUTION_FAILURE;
        throw new GraphQLError(message, { extensions: { code, http: { status: 400 } } });
      },
    }),
  };
}
