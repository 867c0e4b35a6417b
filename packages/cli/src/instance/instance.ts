import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** How a command reaches an instance. */
export interface Instance {
  readonly url: string;
  readonly token: string;
  /** Whether this command started it. */
  readonly isOwn: boolean;
  /** Whether its process lives, however slow it is. */
  isAlive(): Promise<boolean>;
  /** Ends the instance where this command started it; otherwise does nothing. */
  close(): Promise<void>;
}

const instanceFile = z.object({ url: z.url(), token: z.string(), pid: z.int() });
const FILE = 'instance.json';

const ANSWER_LIMIT_MS = 2_000;
/** On a machine that is too slow an instance misses some; one that stands still misses all. */
const ATTEMPTS = 10;

/** The instance that runs on a data folder, or null. */
export async function findInstance(dataFolder: string): Promise<Instance | null> {
  const announced = readAnnounced(join(dataFolder, FILE));
  if (announced === null || !(await isAnswering(announced.url))) return null;
  const { url, token, pid } = announced;
  const isAlive = async () => isProcess(pid) || (await isAnswering(url));
  return { url, token, isOwn: false, isAlive, close: async () => {} };
}

/** Whether the process of an instance of the folder lives, whether it answers or not. */
export function isAnnounced(dataFolder: string): boolean {
  return readAnnounced(join(dataFolder, FILE)) !== null;
}

/** Null where there is no file, or its process is gone; its port may be another instance's by now. */
function readAnnounced(file: string): z.infer<typeof instanceFile> | null {
  try {
    const announced = instanceFile.parse(JSON.parse(readFileSync(file, 'utf8')));
    return isProcess(announced.pid) ? announced : null;
  } catch {
    return null;
  }
}

function isProcess(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Whether an instance listens there. */
export async function isAnswering(url: string): Promise<boolean> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    try {
      const response = await fetch(`${url}/livez`, {
        signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
      });
      return response.ok;
    } catch (error) {
      // Whoever does not listen any more refuses at once.
      if ((error as Error).name !== 'TimeoutError') return false;
    }
  }
  return false;
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
