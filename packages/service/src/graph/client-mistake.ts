import { type ASTNode, GraphQLError } from 'graphql';

/** An error for a request that cannot be answered as it is, whose answer has the status 400. */
export function clientMistake(
  message: string,
  code: string,
  nodes: readonly ASTNode[] | null = null,
): GraphQLError {
  return new GraphQLError(message, { nodes, extensions: { code, http: { status: 400 } } });
}
