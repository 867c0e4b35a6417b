/** The first Ctrl-C closes in order (the next start goes on from there); a second one ends at once. */
export function onInterrupt(close: () => Promise<void>): { release(): void } {
  let interrupted = false;
  const listener = (signal: NodeJS.Signals): void => {
    const code = signal === 'SIGINT' ? 130 : 143;
    if (interrupted) process.exit(code);
    interrupted = true;
    process.stderr.write('\nStopping; the same command goes on from here.\n');
    void close().finally(() => process.exit(code));
  };
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);
  return {
    release: () => {
      process.off('SIGINT', listener);
      process.off('SIGTERM', listener);
    },
  };
}
