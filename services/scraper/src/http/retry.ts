const RETRIED_STATUSES = new Set([408, 425, 429, 500, 502, 503, 504]);
const MAX_BACKOFF_MS = 30_000;
/** A server that asks for a longer pause is not waited for. */
export const MAX_RETRY_AFTER_MS = 120_000;

export function isRetriedStatus(status: number): boolean {
  return RETRIED_STATUSES.has(status);
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
