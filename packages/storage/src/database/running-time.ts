/** Measures time in which this process could run: while it is stopped, held up or left without a processor it does not age. */
export interface RunningTime {
  /** Calls back once, after so many milliseconds of it. Returns what takes that back. */
  after(limitMs: number, callback: () => void): () => void;
}

/** A step that takes longer on the clock counts as one. */
const STEP_MS = 20;

interface Wait {
  leftMs: number;
  readonly callback: () => void;
}

/** @param now milliseconds of a clock that never goes back */
export function createRunningTime(now: () => number = () => performance.now()): RunningTime {
  const waits = new Set<Wait>();
  let timer: NodeJS.Timeout | undefined;
  let lastMs = 0;

  const step = (): void => {
    const nowMs = now();
    const ranMs = Math.min(nowMs - lastMs, STEP_MS);
    lastMs = nowMs;
    for (const wait of waits) {
      wait.leftMs -= ranMs;
      if (wait.leftMs > 0) continue;
      remove(wait);
      wait.callback();
    }
  };
  const remove = (wait: Wait): void => {
    waits.delete(wait);
    if (waits.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
  return {
    after(limitMs, callback) {
      const wait = { leftMs: limitMs, callback };
      waits.add(wait);
      if (timer === undefined) {
        lastMs = now();
        timer = setInterval(step, STEP_MS);
      }
      return () => remove(wait);
    },
  };
}

/** That of this process. */
export const runningTime = createRunningTime();
