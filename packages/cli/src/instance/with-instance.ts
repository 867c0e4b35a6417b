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
    return await workWith(await openWhenFree(call));
  } finally {
    interrupt.release();
  }
}

/** The running instance of the data folder, or one started for this command. */
async function openInstance({ environment, dataFolder }: Call): Promise<Instance> {
  const running = await findInstance(dataFolder);
  if (running !== null) return running;
  const { startInstance } = await import('./start-instance.ts');
  // A command's own instance takes a free port, so that it never collides with anything.
  const port = environment.HTTP_PORT === undefined ? 0 : undefined;
  return startInstance(environment, { dataFolder, port });
}

const MAX_CLOSING_MS = 30_000;

/** Waits until the process that closes has let go of the data folder. */
async function openWhenFree(call: Call): Promise<Instance> {
  const givesUpAt = Date.now() + MAX_CLOSING_MS;
  for (;;) {
    try {
      return await openInstance(call);
    } catch (error) {
      const inUse = error instanceof DeepStyleError && error.reason === 'DATA_FOLDER_IN_USE';
      if (!inUse || Date.now() > givesUpAt) throw error;
      await sleep(500);
    }
  }
}
