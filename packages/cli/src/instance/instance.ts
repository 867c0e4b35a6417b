import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** How a command reaches an instance. */
export interface Instance {
  readonly url: string;
  readonly token: string;
  /** Whether this command started it. */
  readonly isOwn: boolean;
  /** Ends the instance where this command started it; otherwise does nothing. */
  close(): Promise<void>;
}

const instanceFile = z.object({ url: z.url(), token: z.string(), pid: z.int() });
const FILE = 'instance.json';

/** The instance that runs on a data folder, or null. */
export async function findInstance(dataFolder: string): Promise<Instance | null> {
  try {
    const { url, token, pid } = instanceFile.parse(
      JSON.parse(readFileSync(join(dataFolder, FILE), 'utf8')),
    );
    // Throws where that process is gone; its port may be another instance's by now.
    if (pid !== process.pid) process.kill(pid, 0);
    const response = await fetch(`${url}/livez`, { signal: AbortSignal.timeout(2_000) });
    return response.ok ? { url, token, isOwn: false, close: async () => {} } : null;
  } catch {
    // No file, a stale one, or nobody answers: there is no running instance.
    return null;
  }
}

/** Lets other commands find an instance of this process. @returns how to take that back */
export function announceInstance(
  dataFolder: string,
  instance: Pick<Instance, 'url' | 'token'>,
): () => void {
  const file = join(dataFolder, FILE);
  mkdirSync(dataFolder, { recursive: true });
  // The token lets its reader start work here: only the owner of the folder may read it.
  writeFileSync(file, JSON.stringify({ ...instance, pid: process.pid }), { mode: 0o600 });
  return () => rmSync(file, { force: true });
}
