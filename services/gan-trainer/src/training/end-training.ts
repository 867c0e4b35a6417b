import type { EventData, RunReference } from '@deepstyle/contracts';
import { NotFoundError } from '@deepstyle/platform';
import { againId, idInRetry } from '@deepstyle/service';
import type { Transaction } from '@deepstyle/storage';
import type { Ports } from '../ports.ts';
import { closeTraining, type Training, type TrainingEnd, trainings } from '../records.ts';

/** Ends a training and says so. @throws StaleAttemptError where another worker has it or it has ended */
export async function endTraining(
  ports: Pick<Ports, 'outbox' | 'clock'>,
  tx: Transaction,
  training: Training,
  end: TrainingEnd,
): Promise<void> {
  await closeTraining(tx, training, end, ports.clock());
  // The run may have been tried again since the training was taken.
  const [{ run } = training] = await trainings.find(tx, [training.id]);
  const { outcome, modelId, reason } = end;
  await announceOutcome(ports, tx, { run, outcome, modelId, reason });
}

/** Publishes gan.ready under an id of the run and its retry, so that it is published once in each. */
export function announceOutcome(
  { outbox }: Pick<Ports, 'outbox'>,
  tx: Transaction,
  ready: EventData<'deepstyle.gan.ready.v1'>,
): Promise<void> {
  return outbox.publish(tx, 'deepstyle.gan.ready.v1', ready, eventId(ready.run));
}

/** Publishes it again, under a new id; returns how many events that were. @throws NotFoundError */
export function announceRun(
  { database, outbox, clock }: Pick<Ports, 'database' | 'outbox' | 'clock'>,
  runId: string,
): Promise<number> {
  return database.transaction('gan-trainer.announceRun', async (tx) => {
    const [training] = await trainings.find(tx, [runId]);
    if (training === undefined) throw new NotFoundError('run with a training', runId);
    const { run, outcome, modelId, reason } = training;
    if (outcome === null) return 0;
    const id = againId(eventId(run), clock());
    await outbox.publish(
      tx,
      'deepstyle.gan.ready.v1',
      { run, outcome, modelId, reason: reason ?? '' },
      id,
    );
    return 1;
  });
}

function eventId(run: RunReference): string {
  return idInRetry(`gan.ready:${run.id}`, run);
}
