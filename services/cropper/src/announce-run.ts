import { NotFoundError } from '@deepstyle/platform';
import { sentAgain } from '@deepstyle/service';
import type { Ports } from './ports.ts';
import { runsById } from './records.ts';
import { garmentsReady } from './run-ledger.ts';

/** Publishes again, under a new id, that a run is ready; returns how many events that were. @throws NotFoundError */
export function announceRun(
  { database, outbox, clock }: Pick<Ports, 'database' | 'outbox' | 'clock'>,
  runId: string,
): Promise<number> {
  return database.transaction('cropper.announceRun', async (tx) => {
    const [run] = await runsById(tx, [runId]);
    if (run === undefined) throw new NotFoundError('run', runId);
    if (!run.progress.ready) return 0;
    const { data, id } = sentAgain(await garmentsReady(tx, run), clock());
    await outbox.publish(tx, 'deepstyle.garments.ready.v1', data, id);
    return 1;
  });
}
