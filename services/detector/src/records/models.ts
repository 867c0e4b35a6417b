import { anyOf, json, sql, type Transaction } from '@deepstyle/storage';
import type { Labels } from '../identity.ts';
import type { ModelCategory } from '../labels.ts';
import { db, type EvaluationRecord } from './tables.ts';

/** A detector. */
export interface ModelRecord {
  readonly id: string;
  /** Null of one that was not trained here. */
  readonly datasetId: string | null;
  readonly labels: Labels;
  /** What it tells apart, in the order of its outputs. */
  readonly categories: readonly ModelCategory[];
  readonly hyperparameters: object | null;
  readonly steps: number | null;
  readonly trainSeconds: number | null;
  readonly parameters: number | null;
  readonly weightsKey: string | null;
  readonly onnxKey: string | null;
  readonly evaluation: EvaluationRecord | null;
  readonly createdAt: Date;
}

function selectModels(tx: Transaction) {
  return db(tx)
    .selectFrom('models')
    .select([
      'id',
      'datasetId',
      'labels',
      'hyperparameters',
      'steps',
      'trainSeconds',
      'parameters',
      'weightsKey',
      'onnxKey',
      'evaluation',
      'createdAt',
    ])
    .select(
      // A model that was stored before types were kept has none.
      sql<readonly ModelCategory[]>`(
        select coalesce(jsonb_agg(jsonb_build_object('name', c.name, 'type', coalesce(c.type, 'other'))
          order by c.place), '[]'::jsonb)
        from unnest(categories, category_types) with ordinality as c(name, type, place)
      )`.as('categories'),
    );
}

export function modelsById(tx: Transaction, ids: readonly string[]): Promise<ModelRecord[]> {
  return selectModels(tx).where('id', '=', anyOf(ids)).execute();
}

/** Those of the keys that the files of models are stored under. */
export async function modelObjects(
  tx: Transaction,
  keys: readonly string[],
): Promise<readonly string[]> {
  const ids = new Set(keys.map((key) => key.split('/').at(-2) ?? ''));
  const models = await modelsById(tx, [...ids]);
  return models.flatMap(({ weightsKey, onnxKey, evaluation }) =>
    [weightsKey, onnxKey, evaluation?.detectionsKey].filter((key) => typeof key === 'string'),
  );
}

export async function activeModel(tx: Transaction): Promise<ModelRecord | null> {
  return (await selectModels(tx).where('isActive', '=', true).executeTakeFirst()) ?? null;
}

/** Stores a model; one that is known stays as it is. */
export async function insertModel(tx: Transaction, model: ModelRecord): Promise<void> {
  const { categories, evaluation, hyperparameters, ...columns } = model;
  await db(tx)
    .insertInto('models')
    .values({
      ...columns,
      categories: categories.map(({ name }) => name),
      categoryTypes: categories.map(({ type }) => type),
      hyperparameters: json(hyperparameters),
      evaluation: json(evaluation),
      ap: evaluation?.ap ?? null,
      ap50: evaluation?.ap50 ?? null,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** Makes a stored model the one for new runs. */
export async function activateModel(tx: Transaction, id: string): Promise<void> {
  const models = db(tx).updateTable('models');
  await models
    .set({ isActive: false })
    .where('isActive', '=', true)
    .where('id', '<>', id)
    .execute();
  await models.set({ isActive: true }).where('id', '=', id).where('isActive', '=', false).execute();
}
