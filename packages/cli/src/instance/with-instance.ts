import type { Call } from '../call.ts';
import { createGraphClient, type GraphClient, InstanceGoneError } from '../graph-client.ts';
import { awaited, startingIn, THE_START } from '../output/awaited.ts';
import type { Farewell } from '../output/farewell.ts';
import { say } from '../output/say.ts';
import { findInstance, type Instance, isAnnounced } from './instance.ts';
import { onInterrupt } from './interrupt.ts';
import { onceFree } from './once-free.ts';

/**
 * Works with the instance of the data folder, or with one of its own. An instance that another command had started ends
 * with that command; then the work goes on with one of its own, as whatever had begun knows where it was.
 */
export async function withInstance<T>(
  call: Call,
  farewell: Farewell,
  work: (graph: GraphClient, instance: Instance) => Promise<T>,
): Promise<T> {
  let current: Instance | null = null;
  const interrupt = onInterrupt(() => farewell(current));
  const workWith = async (instance: Instance): Promise<T> => {
    current = instance;
    interrupt.closes(() => instance.close());
    try {
      return await work(createGraphClient(instance), instance);
    } catch (error) {
      // What fails while it closes is no news.
      if (interrupt.isOn) await new Promise<never>(() => {});
      throw error;
    } finally {
      await instance.close();
    }
  };
  try {
    const first = await awaited(THE_START, openInstance(call));
    try {
      return await workWith(first);
    } catch (error) {
      if (first.isOwn || !(error instanceof InstanceGoneError)) throw error;
    }
    say('The command that had started the instance has ended; going on without it.\n');
    return await workWith(await awaited(THE_START, openInstance(call)));
  } finally {
    interrupt.release();
  }
}

/** The running instance of the data folder, or one started for this command. */
function openInstance(call: Call): Promise<Instance> {
  return onceFree(
    call.dataFolder,
    async (isFirst) => (await findInstance(call.dataFolder)) ?? startOwn(call, isFirst),
  );
}

/** @param isFirst whether a person is to be told, who then waits */
async function startOwn({ environment, dataFolder }: Call, isFirst: boolean): Promise<Instance> {
  if (isFirst && !isAnnounced(dataFolder)) say(startingIn(dataFolder));
  const { startInstance } = await import('./start-instance.ts');
  // A command's own instance takes a free port, so that it never collides with anything.
  const port = environment.HTTP_PORT === undefined ? 0 : undefined;
  return startInstance(environment, { dataFolder, port });
}
