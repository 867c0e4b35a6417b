import { setTimeout as sleep } from 'node:timers/promises';
import { DeepStyleError, onceMoreAfterReset } from '@deepstyle/platform';
import type { GraphDocument } from './gen/documents.ts';
import { isAnswering } from './instance/instance.ts';
import { say } from './output/say.ts';

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

/** Where a graph is, and whether it is still there. */
export interface GraphTarget {
  readonly url: string;
  readonly token: string;
  /** Whether this command started it. */
  readonly isOwn: boolean;
  /** Whether its process lives, however slow it is. */
  isAlive(): Promise<boolean>;
}

/** The instance has ended, or closes. */
export class InstanceGoneError extends GraphRequestError {
  constructor({ url, isOwn }: GraphTarget, cause: unknown) {
    super(
      isOwn
        ? 'The instance that this command started has ended; what it said before tells why. The same command starts another one and goes on.'
        : `The instance of another command at ${url} has ended; that command tells why. The same command starts one of its own and goes on.`,
      cause,
    );
  }
}

const TIMEOUT_MS = 60_000;
const REPEAT_AFTER_MS = 500;
const SAY_EVERY_MS = 60_000;
const TOO_SLOW =
  'The machine is too slow: the instance is there, but does not answer in time. It is asked again until it does; Ctrl-C ends this command.\n';
const TIMEOUT_CODES: ReadonlySet<string> = new Set([
  ...['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'],
]);

interface Answer<T> {
  readonly data?: T;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string };
  }[];
}

/**
 * Asks a graph. A machine may be too slow to answer in time: as long as the instance is there, it is asked again, which
 * any request bears: a mutation has its idempotency key, or finds what it asks for done.
 *
 * @throws GraphRequestError
 */
export function createGraphClient(target: GraphTarget): GraphClient {
  let saidMs = Number.NEGATIVE_INFINITY;
  return {
    request: async <Data, Variables>(
      query: GraphDocument<Data, Variables>,
      variables: Variables,
    ): Promise<Data> => {
      const body = JSON.stringify({ query, variables });
      for (;;) {
        const answer = await ask<Data>(target, body);
        if (answer !== null) return dataOf(answer);
        if (performance.now() - saidMs >= SAY_EVERY_MS) {
          saidMs = performance.now();
          say(TOO_SLOW);
        }
        await sleep(REPEAT_AFTER_MS);
      }
    },
  };
}

function dataOf<Data>({ data, errors = [] }: Answer<Data>): Data {
  if (errors.length > 0)
    throw new GraphRequestError(errors.map(({ message }) => message).join('\n'));
  if (data === undefined) throw new GraphRequestError('The graph answered without data.');
  return data;
}

/** Null where there is no answer in time from an instance that is there. @throws InstanceGoneError */
async function ask<Data>(target: GraphTarget, body: string): Promise<Answer<Data> | null> {
  const text = await send(target, body);
  if (text === null) return null;
  const answer = parse<Data>(text);
  const codes = answer.errors?.map(({ extensions }) => extensions?.code) ?? [];
  return codes.includes('DEADLINE_EXCEEDED') ? null : answer;
}

/** What answers without JSON is no graph. */
function parse<Data>(text: string): Answer<Data> {
  try {
    return JSON.parse(text) as Answer<Data>;
  } catch {
    return {};
  }
}

async function send(target: GraphTarget, body: string): Promise<string | null> {
  try {
    const response = await onceMoreAfterReset(
      () => true,
      () =>
        fetch(`${target.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${target.token}` },
          body,
          signal: AbortSignal.timeout(TIMEOUT_MS),
        }),
    );
    return await response.text();
  } catch (error) {
    const isThere = isTimeout(error) ? await target.isAlive() : await isAnswering(target.url);
    if (isThere) return null;
    throw new InstanceGoneError(target, error);
  }
}

/** By names and codes: what `fetch` throws is no Error of this realm everywhere. */
function isTimeout(thrown: unknown): boolean {
  if (typeof thrown !== 'object' || thrown === null) return false;
  const { name, code = '', cause } = thrown as NodeJS.ErrnoException;
  return name === 'TimeoutError' || TIMEOUT_CODES.has(code) || isTimeout(cause);
}
