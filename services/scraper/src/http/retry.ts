import { StorageFullError } from '@deepstyle/storage';
import type { Dispatcher } from 'undici';
import type { HostLimiter } from './host-limiter.ts';
import {
  type Answer,
  type FetchOptions,
  type RequestOptions,
  rejectionOf,
  requestOnce,
} from './request.ts';

export interface RetryOptions {
  readonly userAgent: string;
  readonly requestTimeoutMs: number;
  /** Further attempts after the first. */
  readonly retries: number;
  readonly retryBaseMs: number;
  /** In ms, by a clock that nobody sets. */
  readonly now: () => number;
  /** What the dates of servers are compared with. */
  readonly clock: () => Date;
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
  /** In [0, 1). */
  readonly random: () => number;
}

const RETRIED_STATUSES = new Set([408, 425, 429, 500, 502, 503, 504]);
const MAX_BACKOFF_MS = 30_000;
/** A server that asks for a longer pause is not waited for. */
const MAX_RETRY_AFTER_MS = 120_000;

/** Whether an answer is for a fault of the host, or for too many requests, and not for what was asked for. */
export function isFaultOfHost(status: number): boolean {
  return status >= 500 || RETRIED_STATUSES.has(status);
}

/**
 * One GET without redirects, tried again after a transient failure. A status that asks for another attempt pauses the
 * whole host.
 *
 * @throws RejectedSourceError where no answer came, or the host has taken too much time; a status that stays bad is
 *   an answer. StorageFullError
 */
export async function getWithRetries(
  dispatcher: Dispatcher,
  limiter: HostLimiter,
  url: URL,
  fetchOptions: FetchOptions,
  options: RetryOptions,
): Promise<Answer> {
  const { signal } = fetchOptions;
  for (let attempt = 1; ; attempt += 1) {
    const isLast = attempt > options.retries;
    const backoff = backoffMs(attempt, options.retryBaseMs, options.random());
    try {
      const answer = await limiter.run(url.host, signal, (share) =>
        tryOnce(dispatcher, limiter, url, fetchOptions, { ...options, share }),
      );
      const waitMs = isLast ? null : pauseAfter(answer, backoff, options.clock());
      if (waitMs === null) return answer;
      limiter.pause(url.host, options.now() + waitMs);
    } catch (thrown) {
      signal.throwIfAborted();
      if (thrown instanceof StorageFullError) throw thrown;
      const { error, transient } = rejectionOf(thrown, url);
      if (isLast || !transient) throw error;
      await options.sleep(backoff, signal);
    }
  }
}

/** The time of an attempt that gives nothing is the host's, up to the time limit: the rest was a wait for memory. */
async function tryOnce(
  dispatcher: Dispatcher,
  limiter: HostLimiter,
  url: URL,
  fetchOptions: FetchOptions,
  options: RetryOptions & RequestOptions,
): Promise<Answer> {
  const startedAt = options.now();
  let isGiven = false;
  try {
    const answer = await requestOnce(dispatcher, url, fetchOptions, options);
    isGiven = !RETRIED_STATUSES.has(answer.status);
    return answer;
  } finally {
    const lostMs = Math.min(options.now() - startedAt, options.requestTimeoutMs);
    if (isGiven) limiter.answered(url.host);
    else limiter.lost(url.host, lostMs);
  }
}

/** How long to stay away before the next attempt; null where the answer is to be taken as it is. */
function pauseAfter({ status, headers }: Answer, backoff: number, now: Date): number | null {
  if (!RETRIED_STATUSES.has(status)) return null;
  const askedMs = retryAfterMs(headers['retry-after'], now.getTime()) ?? 0;
  // With a Retry-After of 0 the backoff still holds.
  return askedMs > MAX_RETRY_AFTER_MS ? null : Math.max(askedMs, backoff);
}

/**
 * Wait in ms before attempt `attempt` + 1 (from 1): exponential with the upper half random ("equal jitter"), at most
 * 30 s. `random` in [0, 1).
 */
export function backoffMs(attempt: number, baseMs: number, random: number): number {
  const ceiling = Math.min(MAX_BACKOFF_MS, baseMs * 2 ** (attempt - 1));
  return ceiling / 2 + (ceiling / 2) * random;
}

/**
 * `Retry-After` (RFC 9110, 10.2.3: seconds or a date) as ms from now; null where there is none or it cannot be read.
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | null {
  const value = header?.trim() ?? '';
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  // A bare number would be taken for a year.
  const date = /[a-z]/i.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}
