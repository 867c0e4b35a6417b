import type { IncomingHttpHeaders } from 'node:http';
import { type Dispatcher, request } from 'undici';
import { type Excess, readBody } from './read-body.ts';
import { AnswerTooLateError } from './transport-error.ts';

export interface FetchOptions {
  /** Value of the `Accept` header. */
  readonly accept: string;
  readonly maxBytes: number;
  /** Default: reject. */
  readonly excess?: Excess;
  readonly signal: AbortSignal;
}

/** An answer with its body read; only a 2xx has one. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const MAX_ERROR_BYTES = 64 * 1024;

/** One GET without redirects, with one time limit from its start to the last byte. */
export async function requestOnce(
  dispatcher: Dispatcher,
  url: URL,
  { accept, maxBytes, excess, signal }: FetchOptions,
  {
    userAgent,
    requestTimeoutMs,
  }: { readonly userAgent: string; readonly requestTimeoutMs: number },
): Promise<Answer> {
  const ending = new AbortController();
  const stop = () => ending.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(
    () => ending.abort(new AnswerTooLateError(requestTimeoutMs)),
    requestTimeoutMs,
  );
  try {
    signal.throwIfAborted();
    const response = await request(url, {
      dispatcher,
      signal: ending.signal,
      headers: { accept, 'accept-encoding': 'identity', 'user-agent': userAgent },
    });
    const { statusCode: status, headers } = response;
    if (status < 200 || status > 299) {
      await response.body.dump({ limit: MAX_ERROR_BYTES });
      return { status, headers, body: Buffer.alloc(0) };
    }
    const encoding = [headers['content-encoding']].flat()[0];
    return { status, headers, body: await readBody(response.body, encoding, maxBytes, excess) };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
