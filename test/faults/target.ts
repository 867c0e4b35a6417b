import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { childrenOf, findProgram } from '@deepstyle/testkit';
import type { Fault, FaultKind, FaultTarget } from './schedule.ts';

/** Something that can be harmed and mended. */
export interface Target extends FaultTarget {
  /** Whether it is of use, and so is what needs it. */
  readonly isReady: () => Promise<boolean>;
  readonly harm: Harms;
}

/** How something is harmed: each returns how it is mended. */
export type Harms = Partial<Record<FaultKind, () => Promise<() => Promise<void>>>>;

export interface HarmedProcess {
  /** Of the process that runs now. */
  readonly pid: () => number;
  readonly kill: () => Promise<void>;
  /** Ends it in good order. */
  readonly stop: () => Promise<void>;
  /** Starts it again, without waiting until it is of use. */
  readonly start: () => Promise<void>;
}

const READY_POLL_MS = 200;
/** Slower than that is told as that. */
const MAX_RECOVERY_MS = 300_000;

/**
 * Does a fault to its target and mends it.
 *
 * @param onHarmed is told once the fault has begun
 * @returns ms from its end until the target was of use again
 */
export async function commit(
  { kind, durationMs }: Omit<Fault, 'atMs'>,
  target: Target,
  onHarmed: () => void = () => undefined,
): Promise<number> {
  const harm = target.harm[kind];
  if (harm === undefined) throw new Error(`${target.name} cannot be harmed by ${kind}`);
  const mend = await harm();
  onHarmed();
  await sleep(durationMs);
  await mend();
  const mendedAt = performance.now();
  const elapsed = () => Math.round(performance.now() - mendedAt);
  while (elapsed() < MAX_RECOVERY_MS && !(await target.isReady())) {
    await sleep(READY_POLL_MS);
  }
  return elapsed();
}

/** What befalls any process. */
export function processHarms({ pid, kill, stop, start }: HarmedProcess): Harms {
  const stopped = async () => {
    await stop();
    return start;
  };
  return {
    kill: async () => {
      await kill();
      return start;
    },
    stop: stopped,
    restart: stopped,
    pause: () => pause(pid()),
  };
}

/** Has a process stand still, with those that it has started. */
export async function pause(pid: number): Promise<() => Promise<void>> {
  const pids = await processTree(pid);
  signalAll(pids, 'SIGSTOP');
  return async () => signalAll(pids, 'SIGCONT');
}

/** A process and those that it has started. */
async function processTree(pid: number): Promise<number[]> {
  const below = await Promise.all((await childrenOf(pid)).map(processTree));
  return [pid, ...below.flat()];
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** Whether files of a running process can be kept from growing, as on a full disk. */
export function canFillDisk(): boolean {
  return findProgram('prlimit') !== null;
}

/** Keeps the process from writing into files, as a full disk does. */
export async function fillDisk(pid: number): Promise<() => Promise<void>> {
  const limit = (bytes: string) =>
    promisify(execFile)('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);
  await limit('0');
  return async () => {
    // A process that ended meanwhile has left its limit behind.
    await limit('unlimited').catch(() => undefined);
  };
}

const START_LIMIT_MS = 180_000;
/** A process that was killed may still be leaving. */
const RETRY_LIMIT_MS = 10_000;
const RETRY_MS = 500;

/** @throws where it is of no use even after a long while */
export async function untilReady(target: Pick<Target, 'name' | 'isReady'>): Promise<void> {
  const deadline = performance.now() + START_LIMIT_MS;
  while (!(await target.isReady())) {
    if (performance.now() > deadline) throw new Error(`${target.name} does not become ready`);
    await sleep(READY_POLL_MS);
  }
}

/** Again and again, where what it needs may be on its way. */
export async function retried<T>(work: () => Promise<T>, limitMs = RETRY_LIMIT_MS): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(RETRY_MS);
    }
  }
}
