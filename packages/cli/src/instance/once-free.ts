import { setTimeout as sleep } from 'node:timers/promises';
import { DeepStyleError } from '@deepstyle/platform';
import { say } from '../output/say.ts';
import { isAnnounced } from './instance.ts';

// Longer than a short command has the folder, such as `doctor` or `run list`, on a machine that is too slow.
const MAX_WAIT_MS = 600_000;
const EVERY_MS = 500;

/**
 * Starts what needs the data folder for itself once no other process has it, and says whom it waits for.
 *
 * @param start is told whether it is the first attempt
 * @throws what `start` throws, and that the folder is in use where that stays so
 */
export async function onceFree<T>(
  dataFolder: string,
  start: (isFirst: boolean) => Promise<T>,
): Promise<T> {
  const givesUpAt = Date.now() + MAX_WAIT_MS;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(attempt === 1);
    } catch (error) {
      // An instance that was up is there as long as its process lives, however slow it is.
      const mayWait = Date.now() <= givesUpAt || isAnnounced(dataFolder);
      if (!isInUse(error) || !mayWait) throw error;
      // Its owner starts and will answer soon, or it closes and will soon be gone.
      if (attempt === 1) say(`${error.message}\nWaiting for it.\n`);
      await sleep(EVERY_MS);
    }
  }
}

function isInUse(error: unknown): error is DeepStyleError {
  return error instanceof DeepStyleError && error.reason === 'DATA_FOLDER_IN_USE';
}
