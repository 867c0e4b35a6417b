import { json, type Selectable, type Transaction } from '@deepstyle/storage';
import { TrainingTable } from '@deepstyle/training';
import { type DetectorTables, db } from './tables.ts';

/** Its id is that of the model that it gives. */
export type Training = Readonly<Selectable<DetectorTables['trainings']>>;
export type TrainingState = Training['state'];

/** What a training is asked for with. */
export type PlannedTraining = Pick<Training, 'id' | 'datasetId' | 'labels' | 'hyperparameters'>;

export const trainings = new TrainingTable<Training>('detector', 'id');

/** True where the training is new, or had failed and begins again: then it waits for a worker. */
export async function queueTraining(
  tx: Transaction,
  { id, datasetId, labels, hyperparameters }: PlannedTraining,
  now: Date,
): Promise<boolean> {
  const rows = await db(tx)
    .insertInto('trainings')
    .values({
      id,
      datasetId,
      labels,
      hyperparameters: json(hyperparameters),
      state: 'queued',
      createdAt: now,
      updatedAt: now,
    })
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet({
          state: 'queued',
          detail: null,
          step: 0,
          steps: null,
          unsavedSeconds: 0,
          updatedAt: now,
        })
        .where('trainings.state', '=', 'failed'),
    )
    .returning('id')
    .execute();
  return rows.length === 1;
}

export async function trainingOfRequest(
  tx: Transaction,
  idempotencyKey: string,
): Promise<Training | null> {
  const request = await db(tx)
    .selectFrom('trainingRequests')
    .select('trainingId')
    .where('idempotencyKey', '=', idempotencyKey)
    .executeTakeFirst();
  if (request === undefined) return null;
  const [training] = await trainings.find(tx, [request.trainingId]);
  return training ?? null;
}

export async function saveRequest(
  tx: Transaction,
  idempotencyKey: string,
  trainingId: string,
  now: Date,
): Promise<void> {
  await db(tx)
    .insertInto('trainingRequests')
    .values({ idempotencyKey, trainingId, createdAt: now })
    .onConflict((conflict) => conflict.column('idempotencyKey').doNothing())
    .execute();
}
