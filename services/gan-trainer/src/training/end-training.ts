import type { EventData } from '@deepstyle/contracts';
import type { Transaction } from '@deepstyle/storage';
import type { Ports } from '../ports.ts';
import { closeTraining, type Training, type TrainingEnd } from '../records.ts';

/** Ends a training and says so. @throws StaleAttemptError where another worker has it or it has ended */
export async function endTraining(
  ports: Pick<Ports, 'outbox' | 'clock'>,
  tx: Transaction,
  training: Training,
  end: TrainingEnd,
): Promise<void> {
  await closeTraining(tx, training, end, ports.clock());
  const { outcome, modelId, reason } = end;
  await announceOutcome(ports, tx, { run: training.run, outcome, modelId, reason });
}

/** Publishes gan.ready under an id of the run, so that it is published once. */
export function announceOutcome(
  { outbox }: Pick<Ports, 'outbox'>,
  tx: Transaction,
  ready: EventData<'deepstyle.gan.ready.v1'>,
): Promise<void> {
  return outbox.publish(tx, 'deepstyle.gan.ready.v1', ready, `gan.ready:${ready.run.id}`);
}
