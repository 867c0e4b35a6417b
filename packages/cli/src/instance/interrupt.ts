import { say } from '../output/say.ts';
export interface Interrupt {
  /** From now on Ctrl-C closes this first. */
  closes(close: () => Promise<void>): void;
  release(): void;
}

/**
 * The first Ctrl-C closes in order (the next start goes on from there); a second one ends at once. Before there is
 * anything to close it ends at once too: what a start has begun, the next one finishes.
 */
export function onInterrupt(farewell: string): Interrupt {
  let close: (() => Promise<void>) | null = null;
  let interrupted = false;
  const listener = (signal: NodeJS.Signals): void => {
    const code = signal === 'SIGINT' ? 130 : 143;
    if (interrupted) process.exit(code);
    interrupted = true;
    say(`\n${farewell}\n`);
    if (close === null) process.exit(code);
    void close().finally(() => process.exit(code));
  };
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);
  return {
    closes: (next) => {
      close = next;
    },
    release: () => {
      process.off('SIGINT', listener);
      process.off('SIGTERM', listener);
    },
  };
}
