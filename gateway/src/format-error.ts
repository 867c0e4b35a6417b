import { unwrapResolverError } from '@apollo/server/errors';
import { DeepStyleError, ERROR_TABLE, type Logger } from '@deepstyle/platform';
import type { GraphQLFormattedError } from 'graphql';

// Codes that Apollo Server itself gives to what a client did wrong; their messages hold nothing internal.
const CLIENT_CODES = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'QUERY_TOO_LARGE',
]);
const OUR_CODES = new Set<string>(Object.values(ERROR_TABLE).map(({ graphql }) => graphql));

/**
 * What a client is told of a failure: our own messages and Apollo's on client mistakes pass; anything else (a subgraph
 * that cannot be reached, a bug) becomes one sentence, and its details go to the log.
 */
export function formatError(
  formatted: GraphQLFormattedError,
  thrown: unknown,
  logger: Logger,
): GraphQLFormattedError {
  const code = String(formatted.extensions?.code ?? '');
  const reason = formatted.extensions?.reason;
  const place = { ...(formatted.path === undefined ? {} : { path: formatted.path }) };
  if (CLIENT_CODES.has(code)) return { message: formatted.message, ...place, extensions: { code } };
  // Errors of ours carry their reason; transport errors carry none.
  if (OUR_CODES.has(code) && typeof reason === 'string') {
    return { message: formatted.message, ...place, extensions: { code, reason } };
  }
  const original = unwrapResolverError(thrown);
  if (original instanceof DeepStyleError) {
    return {
      message: original.message,
      ...place,
      extensions: { code: ERROR_TABLE[original.code].graphql },
    };
  }
  logger.error({ error: thrown, path: formatted.path }, 'a part of the graph failed');
  return {
    message: 'A part of the graph did not answer. Try again; the log holds the details.',
    ...place,
    extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
  };
}
