import { setTimeout as sleep } from 'node:timers/promises';
import { DeepStyleError } from '@deepstyle/platform';
import type { Call } from '../call.ts';
import { createGraphClient, type GraphClient, GraphRequestError } from '../graph-client.ts';
import { say } from '../output/say.ts';
import { findInstance, type Instance } from './instance.ts';
import { onInterrupt } from './interrupt.ts';

/**
 * Works with the instance of the data folder, or with one of its own. An instance that another command had started ends
 * with that command; then the work goes on with one of its own, as whatever had begun knows where it was.
 */
export async function withInstance<T>(
  call: Call,
  farewell: string,
  work: (graph: GraphClient, instance: Instance) => Promise<T>,
): Promise<T> {
  const interrupt = onInterrupt(farewell);
  const workWith = async (instance: Instance): Promise<T> => {
    interrupt.closes(() => instance.close());
    try {
      return await work(createGraphClient(instance), instance);
    } finally {
      await instance.close();
    }
  };
  try {
    const first = await openInstance(call);
    try {
      return await workWith(first);
    } catch (error) {
      const isLost =
        error instanceof GraphRequestError && (await findInstance(call.dataFolder)) === null;
      if (first.isOwn || !isLost) throw error;
    }
    say('The command that had started the instance has ended; going on alone.\n');
    return await workWith(await openInstance(call));
  } finally {
    interrupt.release();
  }
}

const MAX_WAIT_MS = 30_000;

/** The running instance of the data folder, or one started for this command. */
async function openInstance(call: Call): Promise<Instance> {
  const givesUpAt = Date.now() + MAX_WAIT_MS;
  for (let attempt = 1; ; attempt += 1) {
    const running = await findInstance(call.dataFolder);
    if (running !== null) return running;
    try {
      return await startOwn(call);
    } catch (error) {
      const inUse = error instanceof DeepStyleError && error.reason === 'DATA_FOLDER_IN_USE';
      if (!inUse || Date.now() > givesUpAt) throw error;
      // It starts and will answer soon, or it closes and will soon be gone.
      if (attempt === 1) say(`${error.message}\nWaiting for it.\n`);
      await sleep(500);
    }
  }
}

async function startOwn({ environment, dataFolder }: Call): Promise<Instance> {
  const { startInstance } = await import('./start-instance.ts');
  // A command's own instance takes a free port, so that it never collides with anything.
  const port = environment.HTTP_PORT === undefined ? 0 : undefined;
  return startInstance(environment, { dataFolder, port });
}
