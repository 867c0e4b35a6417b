import { anyOf, json, type Selectable, type Transaction } from '@deepstyle/storage';
import { db, type GanTrainerTables, insertRows } from './tables.ts';

/** A trained GAN. Its metrics and samples stand under the id of the run that trained it. */
export type ModelRecord = Readonly<Selectable<GanTrainerTables['models']>>;

export function modelsById(tx: Transaction, ids: readonly string[]): Promise<ModelRecord[]> {
  return db(tx).selectFrom('models').selectAll().where('id', '=', anyOf(ids)).execute();
}

/** Those of the keys that the files of models are stored under. */
export async function modelObjects(
  tx: Transaction,
  keys: readonly string[],
): Promise<readonly string[]> {
  const ids = new Set(keys.map((key) => key.split('/').at(-2) ?? ''));
  const models = await modelsById(tx, [...ids]);
  return models.flatMap(({ weightsKey, onnxKey }) => [weightsKey, onnxKey]);
}

/** False where the model is known already: two runs with the same garments trained at once. */
export async function insertModel(tx: Transaction, model: ModelRecord): Promise<boolean> {
  const inserted = await db(tx)
    .insertInto('models')
    .values({ ...model, hyperparameters: json(model.hyperparameters) })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .execute();
  return inserted.length === 1;
}

export async function insertModelGarments(
  tx: Transaction,
  modelId: string,
  garmentIds: readonly string[],
  heldOut: boolean,
): Promise<void> {
  const rows = garmentIds.map((garmentId) => ({ modelId, garmentId, heldOut }));
  await insertRows(tx, 'modelGarments', ['modelId', 'garmentId', 'heldOut'], rows)
    .onConflict((conflict) => conflict.columns(['modelId', 'garmentId']).doNothing())
    .execute();
}

/** Garments that the model was trained on (not those held out), by id, after a given one. */
export async function listModelGarments(
  tx: Transaction,
  modelId: string,
  after: string,
  limit: number,
): Promise<string[]> {
  const rows = await db(tx)
    .selectFrom('modelGarments')
    .select('garmentId')
    .where('modelId', '=', modelId)
    .where('heldOut', '=', false)
    .where('garmentId', '>', after)
    .orderBy('garmentId')
    .limit(limit)
    .execute();
  return rows.map(({ garmentId }) => garmentId);
}
