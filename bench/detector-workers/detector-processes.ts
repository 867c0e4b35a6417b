import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { processEnvironment } from '@deepstyle/platform';

/** What a process of the detector tells. */
export type Report =
  | { readonly kind: 'ready' }
  /** Its network was given images; their SHA-256. */
  | { readonly kind: 'looked'; readonly images: readonly string[] };

export interface DetectorProcess {
  /** SHA-256 of each image that its network was given so far. */
  readonly looked: readonly string[];
  /** Rejects with what it wrote where it ends without being asked to. */
  readonly failure: Promise<never>;
  stop(): Promise<void>;
}

const FLAGS = ['--conditions=deepstyle:source', '--import', 'tsx', '--no-warnings'];
const PROGRAM = fileURLToPath(new URL('./detector-process.ts', import.meta.url));
const STOP_LIMIT_MS = 20_000;
const KEPT_OUTPUT = 4000;

/** Starts a process of the detector, and waits until it is ready. */
export async function startDetector(
  role: 'api' | 'worker',
  stores: Readonly<Record<string, string>>,
): Promise<DetectorProcess> {
  const { PATH = '', HOME = '' } = processEnvironment();
  const settings = { DEEPSTYLE_ROLE: role, HTTP_PORT: '0', LOG_LEVEL: 'warn' };
  const child = spawn(process.execPath, [...FLAGS, PROGRAM], {
    env: { PATH, HOME, ...stores, ...settings },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  const keep = (text: Buffer): void => {
    output = (output + text.toString()).slice(-KEPT_OUTPUT);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const looked: string[] = [];
  const ready = new Promise<void>((resolve) => {
    child.on('message', (report: Report) => {
      if (report.kind === 'ready') resolve();
      else looked.push(...report.images);
    });
  });
  const exited = once(child, 'exit');
  const failure = exited.then(([code, signal]) => {
    throw new Error(`The detector's ${role} ended (${code ?? signal}):\n${output}`);
  });
  failure.catch(() => undefined);
  await Promise.race([ready, failure]);
  return {
    looked,
    failure,
    async stop() {
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
      await exited;
      clearTimeout(force);
    },
  };
}
