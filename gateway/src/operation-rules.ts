import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerErrorCode } from '@apollo/server/errors';
import { clientMistake } from '@deepstyle/service';
import { type ASTVisitor, GraphQLError, getVariableValues, type ValidationContext } from 'graphql';

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

/**
 * Takes an empty name for none, as GraphQL over HTTP has it. Refuses a document of which no operation is named, or one
 * that it does not hold; the planner would fail on it.
 */
export function resolveOperations(): ApolloServerPlugin {
  return {
    requestDidStart: async ({ request }) => {
      if (request.operationName === '') delete request.operationName;
      const { operationName } = request;
      return {
        didResolveOperation: async ({ operation }) => {
          if (operation !== undefined) return;
          const message =
            operationName === undefined
              ? 'The document has several operations. Name one of them in operationName.'
              : `The document has no operation with the name "${operationName}".`;
          throw clientMistake(message, ApolloServerErrorCode.OPERATION_RESOLUTION_FAILURE);
        },
      };
    },
  };
}

const MAX_MESSAGE = 300;

/**
 * Refuses variables at the first value that does not fit. Whoever looks at them later makes an error of each such value, and
 * each error repeats the whole input that it stands in.
 */
export function refuseUnfitVariables(): ApolloServerPlugin {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ schema, operation, request: { variables = {} } }) => {
        const definitions = operation?.variableDefinitions ?? [];
        const { errors: [first] = [] } = getVariableValues(schema, definitions, variables, {
          maxErrors: 1,
        });
        if (first === undefined) return;
        const { message, nodes } = first;
        throw clientMistake(
          message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message,
          ApolloServerErrorCode.BAD_USER_INPUT,
          nodes,
        );
      },
    }),
  };
}
