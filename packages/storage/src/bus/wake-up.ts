/** A bell that one loop waits for: rung while nobody waits, it is heard at the next wait. */
export interface WakeUp {
  ring(): void;
  /** Resolves when rung, after `limitMs`, or when the signal aborts. */
  wait(limitMs: number, signal: AbortSignal): Promise<void>;
}

export function createWakeUp(): WakeUp {
  let wasRung = false;
  let wake: (() => void) | null = null;
  return {
    ring() {
      wasRung = true;
      wake?.();
    },
    async wait(limitMs, signal) {
      if (!wasRung && !signal.aborted) {
        let timer: NodeJS.Timeout | undefined;
        await new Promise<void>((resolve) => {
          timer = setTimeout(resolve, limitMs);
          timer.unref();
          wake = resolve;
          signal.addEventListener('abort', wake, { once: true });
        });
        clearTimeout(timer);
        if (wake !== null) signal.removeEventListener('abort', wake);
        wake = null;
      }
      wasRung = false;
    },
  };
}
