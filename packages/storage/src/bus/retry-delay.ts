/** Pause before delivery number `attempt + 1`, ms: 1 s, doubled each time, at most a minute. */
export function retryDelayMs(attempt: number): number {
  return Math.min(60_000, 1000 * 2 ** (attempt - 1));
}
