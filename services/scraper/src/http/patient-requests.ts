import type { Dispatcher } from 'undici';
import { createHostLimiter, type HostLimiter } from './host-limiter.ts';
import { type Answer, type FetchOptions, requestOnce } from './request-once.ts';
import { backoffMs, isRetriedStatus, MAX_RETRY_AFTER_MS, retryAfterMs } from './retry.ts';
import { rejectionOf } from './transport-error.ts';

export interface PatienceOptions {
  readonly userAgent: string;
  readonly hostConcurrency: number;
  readonly requestTimeoutMs: number;
  /** Further attempts after the first. */
  readonly retries: number;
  readonly retryBaseMs: number;
  readonly now: () => number;
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
  readonly random: () => number;
}

/** Requests that give a host the time it needs. */
export interface PatientRequests {
  /** @throws RejectedSourceError where no answer came; a status that stays bad is an answer */
  get(url: URL, options: FetchOptions): Promise<Answer>;
  readonly limiter: HostLimiter;
}

export function createPatientRequests(
  dispatcher: Dispatcher,
  options: PatienceOptions,
): PatientRequests {
  const { now, sleep } = options;
  const limiter = createHostLimiter({ concurrency: options.hostConcurrency, now, sleep });
  return { get, limiter };

  async function get(url: URL, fetchOptions: FetchOptions): Promise<Answer> {
    for (let attempt = 1; attempt <= options.retries; attempt += 1) {
      const backoff = backoffMs(attempt, options.retryBaseMs, options.random());
      try {
        const answer = await once(url, fetchOptions);
        const waitMs = pauseAfter(answer, backoff);
        if (waitMs === null) return answer;
        limiter.pause(url.host, now() + waitMs);
      } catch (error) {
        if (!failure(error, url, fetchOptions).transient)
          throw failure(error, url, fetchOptions).error;
        await sleep(backoff, fetchOptions.signal);
      }
    }
    try {
      return await once(url, fetchOptions);
    } catch (error) {
      throw failure(error, url, fetchOptions).error;
    }
  }

  function once(url: URL, fetchOptions: FetchOptions): Promise<Answer> {
    return limiter.run(url.host, fetchOptions.signal, () =>
      requestOnce(dispatcher, url, fetchOptions, options),
    );
  }

  /** How long to stay away before the next attempt; null where the answer is to be taken as it is. */
  function pauseAfter(answer: Answer, backoff: number): number | null {
    if (!isRetriedStatus(answer.status)) return null;
    const askedMs = retryAfterMs(answer.headers['retry-after'], now()) ?? 0;
    if (askedMs > MAX_RETRY_AFTER_MS) return null;
    // A Retry-After of 0 must not switch the backoff off.
    return Math.max(askedMs, backoff);
  }
}

/** @throws the signal's reason where the caller has ended the request */
function failure(error: unknown, url: URL, { signal }: FetchOptions) {
  signal.throwIfAborted();
  return rejectionOf(error, url);
}
