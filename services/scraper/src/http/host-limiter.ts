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
  active: number;
  limit: number;
  spacingMs: number;
  /** Earliest start of the next request. */
  notBefore: number;
  readonly waiting: (() => void)[];
}

export function createHostLimiter(options: HostLimiterOptions): HostLimiter {
  const { now, sleep } = options;
  const hosts = new Map<string, HostState>();

  return {
    run: async (host, signal, work) => {
      const state = stateOf(host);
      await enter(state);
      try {
        await turn(state, signal);
        return await work();
      } finally {
        leave(state);
      }
    },
    pause: (host, untilMs) => {
      const state = stateOf(host);
      state.notBefore = Math.max(state.notBefore, untilMs);
    },
    space: (host, spacingMs) => {
      const state = stateOf(host);
      state.spacingMs = Math.max(state.spacingMs, spacingMs);
      if (spacingMs > 0) state.limit = 1;
    },
  };

  function stateOf(host: string): HostState {
    let state = hosts.get(host);
    if (state === undefined) {
      state = {
        active: 0,
        limit: options.concurrency,
        spacingMs: 0,
        notBefore: Number.NEGATIVE_INFINITY,
        waiting: [],
      };
      hosts.set(host, state);
    }
    return state;
  }

  async function enter(state: HostState): Promise<void> {
    if (state.active < state.limit) {
      state.active += 1;
      return;
    }
    // The one that leaves hands its place over, so `active` stays as it is.
    await new Promise<void>((resolve) => {
      state.waiting.push(resolve);
    });
  }

  function leave(state: HostState): void {
    const next = state.active <= state.limit ? state.waiting.shift() : undefined;
    if (next === undefined) state.active -= 1;
    else next();
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
