import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningProcess, startProcess } from '../pipeline/processes.ts';
import type { PlannedProcess } from '../pipeline/systems.ts';
import type { ProcessClock } from './process-clock.ts';
import type { FaultKind } from './schedule.ts';
import { type HarmedProcess, type Harms, processHarms, type Target } from './target.ts';

/** A process that is started again where it ends by itself, as a cluster does. */
export interface Supervised extends Target, HarmedProcess {
  /** Ends it for good, in good order. */
  readonly close: () => Promise<void>;
  /** What it wrote, in this life and those before. */
  readonly output: () => string;
}

const RESTART_MS = 1_000;
const MAX_OUTPUT = 200_000;

export interface SupervisedOptions {
  readonly name: string;
  readonly kinds: readonly FaultKind[];
  /** Ways to harm it beside those. */
  readonly harm: Harms;
  readonly start: () => RunningProcess;
  readonly isReady: () => Promise<boolean>;
}

export function supervise(options: SupervisedOptions): Supervised {
  let earlier = '';
  let isWanted = true;
  let running = start();

  function start(): RunningProcess {
    const process = options.start();
    process.child.once('close', () => void afterEnd(process));
    return process;
  }

  async function afterEnd(ended: RunningProcess): Promise<void> {
    earlier = (earlier + ended.output()).slice(-MAX_OUTPUT);
    if (!isMissed(ended)) return;
    await sleep(RESTART_MS);
    if (isMissed(ended)) running = start();
  }

  /** Whether it ended by itself, and nothing has come in its place. */
  function isMissed(ended: RunningProcess): boolean {
    return isWanted && running === ended;
  }

  // A campaign that dies takes its processes along.
  const onExit = (): void => {
    running.child.kill('SIGKILL');
  };
  process.once('exit', onExit);

  const end = async (how: 'stop' | 'kill'): Promise<void> => {
    isWanted = false;
    await running[how]();
  };
  const supervised: HarmedProcess = {
    pid: () => running.child.pid ?? 0,
    kill: () => end('kill'),
    stop: () => end('stop'),
    start: async () => {
      // A stop that takes long may overlap with the next fault: both start it again, and one process is enough.
      if (isWanted) return;
      isWanted = true;
      running = start();
    },
  };
  return {
    ...supervised,
    name: options.name,
    kinds: [...options.kinds, ...(Object.keys(options.harm) as FaultKind[])],
    harm: { ...processHarms(supervised), ...options.harm },
    isReady: options.isReady,
    close: async () => {
      await end('stop');
      process.off('exit', onExit);
    },
    output: () => earlier + (running.child.exitCode === null ? running.output() : ''),
  };
}

/** A process of a cluster. */
export function supervisePlanned(
  { name, entry, environment, port }: PlannedProcess,
  kinds: readonly FaultKind[],
  clock: ProcessClock,
  build: string | undefined,
): Supervised {
  return supervise({
    name,
    kinds,
    harm: clock.harm,
    start: () => startProcess(entry, [], { ...environment, ...clock.environment }, build),
    isReady: () => answers(`http://127.0.0.1:${port}/readyz`),
  });
}

export async function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
}
