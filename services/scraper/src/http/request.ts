import type { FileHandle } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import type { MemoryBudget, MemoryLease } from '@deepstyle/vision';
import { type Dispatcher, request } from 'undici';
import { LostSourceError, RejectedSourceError } from '../errors.ts';
import { type Excess, readBody, writeBody } from './read-body.ts';

export interface FetchOptions {
  /** Value of the `Accept` header. */
  readonly accept: string;
  readonly maxBytes: number;
  /** Default: reject. */
  readonly excess?: Excess;
  /** Opened to append. Takes the body as it came, in place of the answer; the headers tell how to unpack it. */
  readonly into?: FileHandle;
  /** Holds the body that is answered. The wait for it is no part of the time limit. */
  readonly memory?: MemoryLease;
  readonly signal: AbortSignal;
}

/** An answer with its body read; only a 2xx has one. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const MAX_ERROR_BYTES = 64 * 1024;

export interface RequestOptions {
  readonly userAgent: string;
  readonly requestTimeoutMs: number;
  /** Of the memory, what bodies of this host may take while they come. */
  readonly share: MemoryBudget;
}

/** One GET without redirects, with one time limit from its start to the last byte. */
export async function requestOnce(
  dispatcher: Dispatcher,
  url: URL,
  { accept, maxBytes, excess, into, memory, signal }: FetchOptions,
  { userAgent, requestTimeoutMs, share }: RequestOptions,
): Promise<Answer> {
  const hostMemory = share.lease();
  let hasBegun = false;
  const ending = new AbortController();
  const stop = () => ending.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  const limit = timeLimit(requestTimeoutMs, () =>
    ending.abort(new AnswerTooLateError(requestTimeoutMs, hasBegun)),
  );
  try {
    signal.throwIfAborted();
    const response = await request(url, {
      dispatcher,
      signal: ending.signal,
      headers: { accept, 'accept-encoding': 'identity', 'user-agent': userAgent },
    });
    hasBegun = true;
    const { statusCode: status, headers } = response;
    if (status < 200 || status > 299) {
      await response.body.dump({ limit: MAX_ERROR_BYTES });
      return { status, headers, body: Buffer.alloc(0) };
    }
    if (into !== undefined) {
      await writeBody(response.body, into, maxBytes);
      return { status, headers, body: Buffer.alloc(0) };
    }
    if (memory !== undefined) {
      limit.stop();
      await roomFor(response, [hostMemory, memory], maxBytes, ending.signal);
      limit.start();
    }
    const encoding = [headers['content-encoding']].flat()[0];
    const body = await readBody(response.body, encoding, maxBytes, excess);
    memory?.keep(body.length);
    return { status, headers, body };
  } catch (error) {
    // Another attempt waits for its turn at the host, which may belong to one that waits for memory.
    memory?.keep(0);
    throw error;
  } finally {
    limit.stop();
    hostMemory.keep(0);
    signal.removeEventListener('abort', stop);
  }
}

/** A time limit that stands still between `stop` and `start`. */
function timeLimit(limitMs: number, end: () => void) {
  let leftMs = limitMs;
  let startedAt = 0;
  let timer: NodeJS.Timeout | undefined;
  const start = () => {
    startedAt = performance.now();
    timer = setTimeout(end, leftMs);
  };
  const stop = () => {
    clearTimeout(timer);
    leftMs -= performance.now() - startedAt;
  };
  start();
  return { start, stop };
}

/**
 * Waits for as much memory as the body may take, the host's share before that of all, so that one host's bodies do not
 * keep the others waiting.
 *
 * @throws the signal's reason, and what broke the body off meanwhile
 */
async function roomFor(
  { headers, body }: Dispatcher.ResponseData,
  leases: readonly MemoryLease[],
  maxBytes: number,
  signal: AbortSignal,
): Promise<void> {
  // Nobody else hears of it yet, and an error without a listener would end the process.
  body.on('error', () => {});
  const bytes = bytesOfBody(headers, maxBytes);
  for (const lease of leases) await lease.take(bytes, signal);
  if (body.errored !== null) throw body.errored;
}

/** At most so many bytes come: as many as the head says where they come as they are, else the limit. */
function bytesOfBody(headers: IncomingHttpHeaders, maxBytes: number): number {
  const isOther = 'content-encoding' in headers || 'transfer-encoding' in headers;
  const said = Number(headers['content-length'] ?? Number.NaN);
  return !isOther && said < maxBytes ? said : maxBytes;
}

/** Ends a request that took too long as a whole; turned into a rejection here. */
class AnswerTooLateError extends Error {
  readonly hasBegun: boolean;

  constructor(limitMs: number, hasBegun: boolean) {
    super(`no whole answer within ${limitMs} ms`);
    this.name = 'AnswerTooLateError';
    this.hasBegun = hasBegun;
  }
}

const TIMEOUTS = new Set([
  'AnswerTooLateError',
  'HeadersTimeoutError',
  'BodyTimeoutError',
  'ConnectTimeoutError',
]);

/** What a request threw, as a rejection; `transient`: another attempt may succeed. */
export function rejectionOf(
  thrown: unknown,
  url: URL,
): { readonly error: RejectedSourceError; readonly transient: boolean } {
  const guarded = findInCauses(thrown, (error) => error instanceof RejectedSourceError);
  if (guarded !== null) return { error: guarded as RejectedSourceError, transient: false };
  const late = findInCauses(thrown, ({ name }) => TIMEOUTS.has(name));
  if (late !== null) {
    return {
      error: new LostSourceError('TIMEOUT', `${url.host} did not answer in time.`, thrown),
      // A body that came too slowly would do so again.
      transient: !(late instanceof AnswerTooLateError && late.hasBegun),
    };
  }
  const code = codeOf(thrown);
  if (code === 'ENOTFOUND') {
    const message = `The host ${url.hostname} has no address.`;
    return { error: new RejectedSourceError('UNREACHABLE', message, thrown), transient: false };
  }
  const message = `${url.host} could not be reached or broke off (${code}).`;
  return { error: new LostSourceError('UNREACHABLE', message, thrown), transient: true };
}

function codeOf(thrown: unknown): string {
  const found = findInCauses(thrown, (error) => typeof (error as ErrorWithCode).code === 'string');
  return (found as ErrorWithCode | null)?.code ?? 'unknown error';
}

type ErrorWithCode = Error & { readonly code?: string };

/** The first error that fits, among the thrown one, its causes and what it collects. */
function findInCauses(thrown: unknown, fits: (error: Error) => boolean): Error | null {
  if (!(thrown instanceof Error)) return null;
  if (fits(thrown)) return thrown;
  const inner = [thrown.cause, ...(thrown instanceof AggregateError ? thrown.errors : [])];
  for (const error of inner) {
    const found = findInCauses(error, fits);
    if (found !== null) return found;
  }
  return null;
}
