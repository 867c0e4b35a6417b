import { MemoryBudget } from '@deepstyle/vision';
import pLimit, { type LimitFunction } from 'p-limit';
import { LostSourceError } from '../errors.ts';

export interface HostLimiterOptions {
  /** Requests under way at once to one host. */
  readonly concurrency: number;
  /** What bodies of one host may take while they come. */
  readonly hostMemoryBytes: number;
  /** In ms, by a clock that nobody sets: one that is set back would hold a host's requests for as long. */
  readonly now: () => number;
  /** Rejects where the signal aborts. */
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
}

/** Keeps requests to one host few, apart and away while the host asks for a pause. */
export interface HostLimiter {
  /**
   * The work is told of the memory that is the host's.
   *
   * @throws RejectedSourceError TIMEOUT where the host has taken more time than is waited for; the signal's reason
   */
  run<T>(host: string, signal: AbortSignal, work: (share: MemoryBudget) => Promise<T>): Promise<T>;
  /** Nothing starts at the host before `untilMs` (same clock as `now`). */
  pause(host: string, untilMs: number): void;
  /** So long the host was waited for, and gave nothing. */
  lost(host: string, lostMs: number): void;
  /** The host gave something: its next pause is the first again. */
  answered(host: string): void;
  /** From now on one request at a time, their starts this far apart. */
  space(host: string, spacingMs: number): void;
}

interface HostState {
  readonly limit: LimitFunction;
  readonly share: MemoryBudget;
  spacingMs: number;
  /** Earliest start of the next request. */
  notBefore: number;
  /** How long the host was waited for in a row, by pauses and for answers that gave nothing; and in all, spacing too. */
  pausedMs: number;
  heldMs: number;
}

/** A run ends, whatever its hosts ask for. */
const MAX_PAUSED_MINUTES = 15;
const MAX_HELD_HOURS = 24;

export function createHostLimiter({
  concurrency,
  hostMemoryBytes,
  now,
  sleep,
}: HostLimiterOptions): HostLimiter {
  const hosts = new Map<string, HostState>();
  return {
    run: (host, signal, work) => {
      const state = stateOf(host);
      return state.limit(async () => {
        await turn(host, state, signal);
        return work(state.share);
      });
    },
    pause: (host, untilMs) => {
      const state = stateOf(host);
      state.pausedMs += holdBack(state, untilMs);
    },
    lost: (host, lostMs) => {
      const state = stateOf(host);
      state.pausedMs += lostMs;
      state.heldMs += lostMs;
    },
    answered: (host) => {
      stateOf(host).pausedMs = 0;
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
    const state: HostState = {
      limit: pLimit(concurrency),
      share: new MemoryBudget(hostMemoryBytes),
      spacingMs: 0,
      notBefore: Number.NEGATIVE_INFINITY,
      pausedMs: 0,
      heldMs: 0,
    };
    hosts.set(host, state);
    return state;
  }

  /** Returns by how much it is longer than before. */
  function holdBack(state: HostState, untilMs: number): number {
    const moreMs = Math.max(0, untilMs - Math.max(state.notBefore, now()));
    state.notBefore = Math.max(state.notBefore, untilMs);
    state.heldMs += moreMs;
    return moreMs;
  }

  /** Sleeps until a start is permitted, and again where a pause was asked for meanwhile. */
  async function turn(host: string, state: HostState, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    requirePatience(host, state);
    for (let delay = state.notBefore - now(); delay > 0; delay = state.notBefore - now()) {
      await sleep(delay, signal);
      requirePatience(host, state);
    }
    if (state.spacingMs > 0) holdBack(state, now() + state.spacingMs);
  }
}

function requirePatience(host: string, { pausedMs, heldMs }: HostState): void {
  if (pausedMs > MAX_PAUSED_MINUTES * 60_000) {
    throw leftAlone(host, `took more than ${MAX_PAUSED_MINUTES} minutes of pauses in a row`);
  }
  if (heldMs > MAX_HELD_HOURS * 3_600_000) {
    throw leftAlone(host, `took more than ${MAX_HELD_HOURS} hours of pauses in all`);
  }
}

function leftAlone(host: string, took: string): LostSourceError {
  return new LostSourceError(
    'TIMEOUT',
    `${host} ${took}, late answers among them. The rest of it is left; retry the run to go on.`,
  );
}
