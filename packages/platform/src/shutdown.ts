import type { Logger } from './logger.ts';

interface Step {
  readonly name: string;
  readonly close: () => Promise<void> | void;
}

/**
 * What was opened, in order; closing walks it backwards, each step named, timed and given `stepLimitMs`. A step that
 * fails or hangs is logged and does not keep the others from closing.
 */
export class ShutdownStack {
  readonly #first: Step[] = [];
  readonly #steps: Step[] = [];
  readonly #logger: Logger;
  readonly #stepLimitMs: number;
  #closing: Promise<void> | null = null;

  constructor(logger: Logger, stepLimitMs = 10_000) {
    this.#logger = logger;
    this.#stepLimitMs = stepLimitMs;
  }

  /** Registers how to close what has just been opened. */
  defer(name: string, close: () => Promise<void> | void): void {
    this.#steps.push({ name, close });
  }

  /** Registers what comes before all else, whatever is opened later: nothing new is to come in from then on. */
  deferFirst(name: string, close: () => Promise<void> | void): void {
    this.#first.push({ name, close });
  }

  /** Closes everything; a second call waits for the first. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    for (const step of [...this.#first, ...this.#steps.reverse()]) {
      const started = performance.now();
      try {
        await withLimit(step, this.#stepLimitMs);
        this.#logger.debug(
          { step: step.name, ms: Math.round(performance.now() - started) },
          'closed',
        );
      } catch (error) {
        this.#logger.error({ step: step.name, error }, 'a shutdown step failed');
      }
    }
  }
}

async function withLimit(step: Step, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${step.name} did not close within ${limitMs} ms`)),
      limitMs,
    );
  });
  try {
    await Promise.race([step.close(), limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** SIGTERM and SIGINT close the stack and end the process; a second signal ends it at once. */
export function closeOnSignals(
  stack: ShutdownStack,
  logger: Logger,
  exit: (code: number) => void,
): () => void {
  let signalled = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    const code = signal === 'SIGINT' ? 130 : 143;
    if (signalled) {
      exit(code);
      return;
    }
    signalled = true;
    logger.info({ signal }, 'closing');
    void stack.close().then(() => exit(code));
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  return () => {
    process.off('SIGTERM', onSignal);
    process.off('SIGINT', onSignal);
  };
}
