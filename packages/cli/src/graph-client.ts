import { DeepStyleError, onceMoreAfterReset } from '@deepstyle/platform';
import type { GraphDocument } from './gen/documents.ts';

/** What the graph answered instead of data. */
export class GraphRequestError extends DeepStyleError {
  constructor(message: string, cause?: unknown) {
    super({ code: 'UNAVAILABLE', reason: 'GRAPH_REQUEST_FAILED', message, cause });
  }
}

export interface GraphClient {
  request<Answer, Variables extends Readonly<Record<string, unknown>>>(
    document: GraphDocument<Answer, Variables>,
    variables: Variables,
  ): Promise<Answer>;
}

class GoneError extends DeepStyleError {
  constructor(what: string) {
    super({
      ...{ code: 'NOT_FOUND', reason: 'GONE' },
      message: `The instance no longer knows the ${what} that it began.`,
    });
  }
}

/**
 * What was asked for by an id that the graph gave itself.
 *
 * @throws GoneError
 */
export function found<T>(answer: T | null, what: string): T {
  if (answer === null) throw new GoneError(what);
  return answer;
}

const TIMEOUT_MS = 60_000;

/** @throws GraphRequestError */
export function createGraphClient(target: {
  readonly url: string;
  readonly token: string;
}): GraphClient {
  return {
    request: async <Answer, Variables>(
      query: GraphDocument<Answer, Variables>,
      variables: Variables,
    ): Promise<Answer> => {
      const response = await send(target, JSON.stringify({ query, variables }));
      const answer = (await response.json()) as { data?: Answer; errors?: { message: string }[] };
      if (answer.errors !== undefined && answer.errors.length > 0) {
        throw new GraphRequestError(answer.errors.map(({ message }) => message).join('\n'));
      }
      if (answer.data === undefined)
        throw new GraphRequestError(`The graph answered ${response.status} without data.`);
      return answer.data;
    },
  };
}

async function send(
  target: { readonly url: string; readonly token: string },
  body: string,
): Promise<Response> {
  try {
    // A mutation may be repeated too: each carries its idempotency key.
    return await onceMoreAfterReset(
      () => true,
      () =>
        fetch(`${target.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${target.token}` },
          body,
          signal: AbortSignal.timeout(TIMEOUT_MS),
        }),
    );
  } catch (error) {
    throw new GraphRequestError(
      'The instance does not answer. See its log, or start it again with "deepstyle up".',
      error,
    );
  }
}
