import type { RunReference } from '@deepstyle/contracts';
import { holdRunChange, retriesOf } from '@deepstyle/service';
import type { Transaction } from '@deepstyle/storage';
import { RunChangedError } from './errors.ts';
import type { Ports } from './ports.ts';

/**
 * A transaction of the publishing of a run. No change of the run is noted meanwhile, and nothing is written where one was noted
 * before.
 *
 * @throws RunChangedError where the run was canceled, or tried again since `run` was read
 */
export function inOpenRun<T>(
  { database }: Pick<Ports, 'database'>,
  holder: string,
  run: RunReference,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return database.transaction(holder, async (tx) => {
    const { isCanceled, retries } = await holdRunChange(tx, run.id);
    if (isCanceled || retries > retriesOf(run)) throw new RunChangedError(run.id);
    return work(tx);
  });
}
