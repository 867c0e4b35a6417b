import type { ServiceName } from '@deepstyle/service';
import type { RunningProcess } from './processes.ts';
import type { Cluster, Worker } from './systems.ts';

const GIVEN_BACK = 'a message was given back';
const STEPS = 'deepstyle_training_step_duration_seconds_count';

/** Training steps that a worker has done, by its own metrics; 0 where it has ended. */
export async function trainingStepsOf({ running, metricsPort }: Worker): Promise<number> {
  return hasEnded(running) ? 0 : trainingStepsAt(metricsPort);
}

/** Training steps that the worker with this port of metrics has done. */
export async function trainingStepsAt(metricsPort: number): Promise<number> {
  const scraped = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const sample = scraped.split('\n').find((line) => line.startsWith(`${STEPS}{`));
  return Number(sample?.split(' ').at(-1) ?? 0);
}

function hasEnded({ child }: RunningProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** What befalls the worker that trains, once so many steps are done. */
export interface Blow {
  readonly atStep: number;
  readonly signal: 'SIGKILL' | 'SIGTERM';
}

export interface Struck {
  readonly service: ServiceName;
  readonly signal: Blow['signal'];
  /** Steps that it had done itself. */
  readonly steps: number;
  readonly exitCode: number | null;
  /** Whether it gave its training back before it ended, as its log says. */
  readonly hasGivenBack: boolean;
}

/**
 * Strikes down, in order, each worker that holds the training of a service, and has another one started in its place.
 *
 * @returns what to tell how far the training is; it resolves once whatever was due has happened
 */
export function striker(cluster: Cluster, service: ServiceName, blows: readonly Blow[]) {
  const struck: Struck[] = [];
  let next = Promise.resolve();
  const strike = async (step: number): Promise<void> => {
    const blow = blows[struck.length];
    if (blow === undefined || step < blow.atStep) return;
    const holder = await holderOf(cluster.workersOf(service));
    if (holder === null) return;
    const { running, steps } = holder;
    await (blow.signal === 'SIGKILL' ? running.kill() : running.stop());
    const { exitCode } = running.child;
    const hasGivenBack = running.output().includes(GIVEN_BACK);
    struck.push({ service, signal: blow.signal, steps, exitCode, hasGivenBack });
    await cluster.addWorker(service);
  };
  return {
    struck,
    trainingIsAt: (step: number): Promise<void> => {
      next = next.then(() => strike(step));
      return next;
    },
  };
}

/** The living worker that has done training steps. */
async function holderOf(
  workers: readonly Worker[],
): Promise<{ readonly running: RunningProcess; readonly steps: number } | null> {
  for (const worker of workers) {
    const steps = await trainingStepsOf(worker);
    if (steps > 0) return { running: worker.running, steps };
  }
  return null;
}
