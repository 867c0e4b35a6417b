import type { EventData } from '@deepstyle/contracts';
import { noteRunChange } from '@deepstyle/service';
import type { Ports } from '../ports.ts';
import { trainings } from '../records.ts';
import { TRAIN_JOB } from './plan-training.ts';

/** Stops the training of a canceled run, or has it go on. What a retry asks for follows from its garments.ready. */
export function changeRun(
  { database, outbox, clock }: Pick<Ports, 'database' | 'outbox' | 'clock'>,
  change: EventData<'deepstyle.run.changed.v1'>,
): Promise<void> {
  const { run, revision, state } = change;
  return database.transaction('gan-trainer.changeRun', async (tx) => {
    if ((await noteRunChange(tx, change)) === null) return;
    if (state === 'canceled') await trainings.cancel(tx, run.id, clock());
    else if (await trainings.resume(tx, run.id, clock())) {
      const id = `${TRAIN_JOB}:${run.id}:change-${revision}`;
      await outbox.enqueue(tx, TRAIN_JOB, { runId: run.id }, id);
    }
  });
}
