import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { assetPath, processEnvironment } from '@deepstyle/platform';

export interface RunningProcess {
  readonly child: ChildProcess;
  /** What it wrote so far to stdout and stderr, for the message of a failing test. */
  readonly output: () => string;
  /** SIGTERM, and SIGKILL where that does not help. */
  stop(): Promise<void>;
  /** SIGKILL, as a crash would. */
  kill(): Promise<void>;
}

const STOP_LIMIT_MS = 20_000;

/** Starts a built entry of dist/, or of another build, with exactly this environment (and PATH). */
export function startProcess(
  entry: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  build: string = assetPath('dist'),
): RunningProcess {
  const { PATH = '', HOME = '' } = processEnvironment();
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', join(build, `${entry}.js`), ...args],
    {
      env: { PATH, HOME, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    // Not `exit`: its last words may still be on their way then.
    const exited = once(child, 'close');
    child.kill(signal);
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await exited;
    clearTimeout(force);
  };
  return { child, output: () => output, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}

/** Waits until `probe` gives a value; fails with the process's output when it ends first or time runs out. */
export async function waitFor<T>(
  what: string,
  running: RunningProcess,
  limitMs: number,
  probe: () => Promise<T | null>,
): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const value = await probe().catch(() => null);
    if (value !== null) return value;
    const ended = running.child.exitCode !== null || running.child.signalCode !== null;
    if (ended || Date.now() > deadline) {
      throw new Error(
        `${what} ${ended ? 'ended' : `did not come within ${limitMs} ms`}:\n${running.output()}`,
      );
    }
    await new Promise((wake) => setTimeout(wake, 100));
  }
}
