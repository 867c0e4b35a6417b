import { say } from '../output/say.ts';

export interface Interrupt {
  /** Whether there was a Ctrl-C: the process ends by it. */
  readonly isOn: boolean;
  /** From now on Ctrl-C closes this first. */
  closes(close: () => Promise<void>): void;
  /** To be called when all is closed: until then a Ctrl-C is answered. */
  release(): void;
}

const HARD_END_MS = 10_000;

/**
 * The first Ctrl-C closes in order (the next start goes on from there), a second one says that it does, a third one, or a
 * while, ends the process as it is. Before there is anything to close the first one does: what a start has begun, the next
 * one finishes. Temporary folders are removed in any case.
 */
export function onInterrupt(farewell: string | (() => string)): Interrupt {
  let isOn = false;
  let close: (() => Promise<void>) | null = null;
  let closingSinceMs = 0;
  const answers: ((end: () => void) => void)[] = [
    (end) => {
      isOn = true;
      say(`\n${typeof farewell === 'string' ? farewell : farewell()}\n`);
      if (close === null) {
        end();
        return;
      }
      closingSinceMs = performance.now();
      void close().finally(end);
    },
    (end) => {
      const seconds = Math.round((performance.now() - closingSinceMs) / 1000);
      say(
        `\nIt has been closing for ${seconds} s. It ends as it is with another Ctrl-C, or in ${HARD_END_MS / 1000} s.\n`,
      );
      setTimeout(end, HARD_END_MS).unref();
    },
  ];
  const listener = (signal: NodeJS.Signals): void => {
    const end = () => process.exit(signal === 'SIGINT' ? 130 : 143);
    (answers.shift() ?? end)(end);
  };
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);
  return {
    get isOn() {
      return isOn;
    },
    closes: (next) => {
      close = next;
    },
    release: () => {
      process.off('SIGINT', listener);
      process.off('SIGTERM', listener);
    },
  };
}

/** Ends a command that answers no Ctrl-C itself by `process.exit`, so that its temporary folders are removed. */
export function exitOnSignals(): void {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(code);
    });
  }
}
