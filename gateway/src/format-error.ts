import { unwrapResolverError } from '@apollo/server/errors';
import { DeepStyleError, ERROR_TABLE, type Logger } from '@deepstyle/platform';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { SubgraphFailedError } from './data-sources.ts';

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
const UNAVAILABLE: GraphQLFormattedError = {
  message: 'A part of the graph did not answer. Try again; the log holds the details.',
  extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
};

/**
 * What a client is told of a failure: our own messages and Apollo's on client mistakes pass; anything else (a subgraph
 * that cannot be reached, a bug) becomes one sentence, and its details go to the log.
 */
export function formatError(
  formatted: GraphQLFormattedError,
  thrown: unknown,
  logger: Logger,
): GraphQLFormattedError {
  const code = codeOf(formatted, thrown);
  const reason = formatted.extensions?.reason;
  const place = { ...(formatted.path === undefined ? {} : { path: formatted.path }) };
  if (CLIENT_CODES.has(code)) return { message: formatted.message, ...place, extensions: { code } };
  // Errors of ours carry their reason; transport errors carry none.
  if (OUR_CODES.has(code) && typeof reason === 'string') {
    return { message: formatted.message, ...place, extensions: { code, reason } };
  }
  const original = unwrapResolverError(thrown);
  if (!(original instanceof DeepStyleError)) {
    logger.error({ error: thrown, path: formatted.path }, 'a part of the graph failed');
    if (isOfSubgraph(formatted, thrown)) return { ...UNAVAILABLE, ...place };
  }
  const { message, code: ours } = DeepStyleError.from(original);
  return { message, ...place, extensions: { code: ERROR_TABLE[ours].graphql } };
}

/** The code of an error; Apollo gives some refusals of a request a status of HTTP alone. */
function codeOf(formatted: GraphQLFormattedError, thrown: unknown): string {
  const isRefusal =
    thrown instanceof GraphQLError &&
    !isOfSubgraph(formatted, thrown) &&
    thrown.extensions.code === undefined &&
    Object(thrown.extensions.http).status === 400;
  return isRefusal ? 'BAD_REQUEST' : String(formatted.extensions?.code ?? '');
}

/** Whether a subgraph failed: it did not answer, or said so of a place in the answer. */
function isOfSubgraph({ path, extensions }: GraphQLFormattedError, thrown: unknown): boolean {
  const isNamed = path !== undefined || extensions?.serviceName !== undefined;
  return isNamed || thrown instanceof SubgraphFailedError;
}
