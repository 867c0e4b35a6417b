import pLimit, { type LimitFunction } from 'p-limit';

export interface HostLimiterOptions {
  /** Requests under way at once to one host. */
  readonly concurrency: number;
  readonly now: () => number;
  /** Rejects where the signal aborts. */
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
}

/** Keeps requests to one host few, apart and away while the host asks for a pause. */
export interface HostLimiter {
  run<T>(host: string, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** Nothing starts at the host before `untilMs` (same clock as `now`). */
  pause(host: string, untilMs: number): void;
  /** From now on one request at a time, their starts this far apart. */
  space(host: string, spacingMs: number): void;
}

interface HostState {
  readonly limit: LimitFunction;
  spacingMs: number;
  /** Earliest start of the next request. */
  notBefore: number;
}

export function createHostLimiter({ concurrency, now, sleep }: HostLimiterOptions): HostLimiter {
  const hosts = new Map<string, HostState>();
  return {
    run: (host, signal, work) => {
      const state = stateOf(host);
      return state.limit(async () => {
        await turn(state, signal);
        return work();
      });
    },
    pause: (host, untilMs) => {
      const state = stateOf(host);
      state.notBefore = Math.max(state.notBefore, untilMs);
    },
    space: (host, spacingMs) => {
      const state = stateOf(host);
      state.spacingMs = Math.max(state.spacingMs, spacingMs);
      if (spacingMs > 0) state.limit.concurrency = 1;
    },
  };

  function stateOf(host: string): HostState {
    const known = hosts.get(host);
    if (known !== undefined) return known;
    const state = { limit: pLimit(concurrency), spacingMs: 0, notBefore: Number.NEGATIVE_INFINITY };
    hosts.set(host, state);
    return state;
  }

  /** Sleeps until a start is permitted, and again where a pause was asked for meanwhile. */
  async function turn(state: HostState, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    for (let delay = state.notBefore - now(); delay > 0; delay = state.notBefore - now()) {
      await sleep(delay, signal);
    }
    if (state.spacingMs > 0) state.notBefore = now() + state.spacingMs;
  }
}
