import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, parse } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataFolderInUseError } from '../errors.ts';
import { makePrivateFolder } from '../private-folder.ts';

interface LockOwner {
  readonly pid: number;
  readonly host: string;
  /** When the process began, in the system's own count; tells a process from a later one with the same id. */
  readonly started: string;
  readonly token: string;
  /** For people, as is the time since when; earlier versions wrote neither. */
  readonly command?: string;
  readonly since?: string;
}

export interface FolderLock {
  release(): void;
}

const HEARTBEAT_MS = 2000;
// Another host's processes cannot be looked at; a lock whose heartbeat stood still for this long is stale.
const SILENCE_MS = 10_000;

/** Field 22 of /proc/<pid>/stat (proc(5)), with the boot's id; empty where the system has no /proc. */
export function processStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in field 2 may hold spaces and brackets; what follows the last bracket does not.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${ticks}`;
  } catch {
    return '';
  }
}

/** Whether there is a process of this number, whosever it is. */
export function isProcess(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function isRunning({ pid, started }: LockOwner): boolean {
  return isProcess(pid) && started === processStart(pid);
}

/** The program and its subcommand: options and paths are nobody else's business. */
function commandOf([, program = '', ...words]: readonly string[]): string {
  const end = words.findIndex((word) => !/^[a-z][a-z-]*$/.test(word));
  return [parse(program).name, ...(end < 0 ? words : words.slice(0, end))].join(' ');
}

function describeOwner({ pid, host, command, since }: LockOwner): string {
  const where = host === hostname() ? '' : ` on ${host}`;
  const what = command === undefined ? '' : ` (${command}, since ${since})`;
  return `process ${pid}${where}${what}`;
}

function readOwner(path: string): LockOwner | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as LockOwner;
  } catch {
    return undefined;
  }
}

function readBeat(path: string): string {
  try {
    return readFileSync(`${path}.beat`, 'utf8');
  } catch {
    return '';
  }
}

async function isHeld(path: string, owner: LockOwner): Promise<boolean> {
  if (owner.host === hostname()) return isRunning(owner);
  const before = readBeat(path);
  for (let waited = 0; waited < SILENCE_MS; waited += 500) {
    await sleep(500);
    if (readBeat(path) !== before) return true;
  }
  return false;
}

/** Writes the lock file beside its place and links it in: it appears whole, and only where there is none. */
function tryCreate(path: string, owner: LockOwner): boolean {
  const written = `${path}.${owner.token}`;
  writeFileSync(written, JSON.stringify(owner), { mode: 0o600 });
  try {
    linkSync(written, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(written, { force: true });
  }
}

/** Moves a stale lock away; whoever moved a fresh one by mistake (it lost a race) puts it back. */
function removeStale(path: string, stale: LockOwner | undefined): void {
  const aside = `${path}.stale-${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (readOwner(aside)?.token !== stale?.token) {
    try {
      linkSync(aside, path);
    } catch {
      // A third process has it now, which the loop will see.
    }
  }
  rmSync(aside, { force: true });
}

/**
 * Takes the folder for this process; a lock left by a process that died is taken over.
 *
 * @throws DataFolderInUseError naming the process that holds it
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  makePrivateFolder(folder);
  const path = join(folder, 'lock');
  const owner: LockOwner = {
    pid: process.pid,
    host: hostname(),
    started: processStart(process.pid),
    token: randomUUID(),
    command: commandOf(process.argv),
    since: new Date().toISOString(),
  };
  while (!tryCreate(path, owner)) {
    const found = readOwner(path);
    if (found !== undefined && (await isHeld(path, found))) {
      throw new DataFolderInUseError(folder, describeOwner(found));
    }
    removeStale(path, found);
  }
  let beats = 0;
  const beat = (): void => {
    beats += 1;
    try {
      writeFileSync(`${path}.beat`, `${owner.token} ${beats}`, { mode: 0o600 });
    } catch {
      // A full disk must not end the process; the lock itself stands.
    }
  };
  beat();
  const timer = setInterval(beat, HEARTBEAT_MS);
  timer.unref();
  return {
    release() {
      clearInterval(timer);
      if (readOwner(path)?.token !== owner.token) return;
      rmSync(path, { force: true });
      rmSync(`${path}.beat`, { force: true });
    },
  };
}
