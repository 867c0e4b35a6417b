import type { RunReference } from '@deepstyle/contracts';
import { retriesOf } from '@deepstyle/service';
import { json, type Selectable, sql, type Transaction } from '@deepstyle/storage';
import { type TrainingEnd as End, fenceOf, TrainingTable } from '@deepstyle/training';
import { db, type GanTrainerTables, insertRows } from './tables.ts';

/** Its id is that of its run. */
export type Training = Readonly<Selectable<GanTrainerTables['trainings']>> & {
  readonly id: string;
};

export type TrainingState = Training['state'];
export type Outcome = NonNullable<Training['outcome']>;

export interface ManifestGarment {
  readonly id: string;
  readonly imageKey: string;
}

/** How a training ends that leaves its run without a model. */
const WITHOUT_MODEL: readonly TrainingState[] = ['failed', 'skipped'];

export const trainings = new TrainingTable<Training>('gan-trainer', 'run_id');

/** What is decided of a run whose garments are ready. */
export type PlannedTraining = Pick<
  Training,
  | 'run'
  | 'state'
  | 'manifestHash'
  | 'hyperparameters'
  | 'garments'
  | 'outcome'
  | 'modelId'
  | 'reason'
>;

/** Plans a run, also in the place of a plan that gave no model before a retry; false where it is planned already. */
export async function insertTraining(
  tx: Transaction,
  { run, hyperparameters, ...training }: PlannedTraining,
  now: Date,
): Promise<boolean> {
  const plan = {
    ...training,
    run: json(run),
    season: run.season,
    hyperparameters: hyperparameters === null ? null : json(hyperparameters),
    detail: training.reason,
    updatedAt: now,
  };
  const inserted = await db(tx)
    .insertInto('trainings')
    .values({ ...plan, runId: run.id, createdAt: now })
    .onConflict((conflict) =>
      conflict
        .column('runId')
        .doUpdateSet({ ...plan, step: 0, steps: null, unsavedSeconds: 0 })
        .where('trainings.state', 'in', WITHOUT_MODEL)
        .where(sql<number>`coalesce((trainings.run ->> 'retries')::int4, 0)`, '<', retriesOf(run)),
    )
    .returning('runId')
    .execute();
  return inserted.length === 1;
}

/**
 * Keeps the training of a run that is tried again: it has its model, or will have one. Null where there is none, or where it
 * gave none.
 */
export async function keepTraining(
  tx: Transaction,
  run: RunReference,
  now: Date,
): Promise<Pick<Training, 'outcome' | 'modelId' | 'reason'> | null> {
  const kept = await db(tx)
    .updateTable('trainings')
    .set({ run: json(run), updatedAt: now })
    .where('runId', '=', run.id)
    .where('state', 'not in', WITHOUT_MODEL)
    .returning(['outcome', 'modelId', 'reason'])
    .executeTakeFirst();
  return kept ?? null;
}

/** Pins the manifest of a planned training, in the place of that of an earlier plan. */
export async function insertTrainingGarments(
  tx: Transaction,
  runId: string,
  garments: readonly ManifestGarment[],
): Promise<void> {
  await db(tx).deleteFrom('trainingGarments').where('runId', '=', runId).execute();
  const rows = garments.map(({ id, imageKey }) => ({ runId, garmentId: id, imageKey }));
  await insertRows(tx, 'trainingGarments', ['runId', 'garmentId', 'imageKey'], rows).execute();
}

/** The manifest, by garment id. */
export async function listTrainingGarments(
  tx: Transaction,
  runId: string,
): Promise<ManifestGarment[]> {
  const rows = await db(tx)
    .selectFrom('trainingGarments')
    .select(['garmentId as id', 'imageKey'])
    .where('runId', '=', runId)
    .execute();
  // Sorted here: the order decides over the split, and collations differ between databases.
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Runs whose training was planned before, newest first, with garments of the same detector. */
export async function earlierRuns(
  tx: Transaction,
  run: RunReference,
  limit: number,
): Promise<string[]> {
  const rows = await db(tx)
    .selectFrom('trainings')
    .select('runId')
    .where('runId', '<>', run.id)
    .where((of) => of(of.ref('run', '->>').key('detector'), '=', run.detector))
    .orderBy('createdAt', 'desc')
    .orderBy('runId')
    .limit(limit)
    .execute();
  return rows.map(({ runId }) => runId);
}

/** Runs whose training has ended since, by id. */
export function runsEndedSince(tx: Transaction, since: Date, after: string, limit: number) {
  return db(tx)
    .selectFrom('trainings')
    .select(['runId as id', 'updatedAt'])
    .where('outcome', 'is not', null)
    .where('updatedAt', '>=', since)
    .where('runId', '>', after)
    .orderBy('runId')
    .limit(limit)
    .execute();
}

/** How a training ends. */
export interface TrainingEnd extends Omit<End<Training>, 'detail' | 'now'> {
  readonly outcome: Outcome;
  readonly modelId: string | null;
  readonly reason: string;
}

/** Ends the training with its outcome. @throws StaleAttemptError where another worker has it or it has ended */
export async function closeTraining(
  tx: Transaction,
  training: Pick<Training, 'id' | 'attempt'>,
  { state, steps, ...own }: TrainingEnd,
  now: Date,
): Promise<void> {
  await trainings.close(tx, fenceOf(training), { state, steps, detail: own.reason, now }, own);
}
