import type { Transaction } from '@deepstyle/storage';
import type { Labels } from '../identity.ts';
import type { ModelCategory } from '../labels.ts';
import { jsonOf } from './columns.ts';

/** AP in [0, 1] of one category; null where the split has none of it. */
export interface CategoryPrecision {
  readonly name: string;
  readonly ap: number | null;
  readonly ap50: number | null;
}

/** COCO's figures on images that the model was not trained on; null where there is nothing to measure by. */
export interface EvaluationRecord {
  readonly split: string;
  readonly images: number;
  readonly ap: number | null;
  readonly ap50: number | null;
  readonly ap75: number | null;
  readonly ap50ByType: number | null;
  readonly categories: readonly CategoryPrecision[];
  readonly detectionsKey: string;
}

/** A trained detector. */
export interface ModelRecord {
  readonly id: string;
  readonly datasetId: string;
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

interface ModelRow {
  id: string;
  dataset_id: string;
  labels: Labels;
  categories: string[];
  category_types: ModelCategory['type'][];
  hyperparameters: unknown;
  steps: number | null;
  train_seconds: number | null;
  parameters: number | null;
  weights_key: string | null;
  onnx_key: string | null;
  evaluation: unknown;
  created_at: Date;
}

const COLUMNS = `id, dataset_id, labels, categories, category_types, hyperparameters, steps, train_seconds, parameters,
  weights_key, onnx_key, evaluation, created_at`;

function toModel(row: ModelRow): ModelRecord {
  return {
    id: row.id,
    datasetId: row.dataset_id,
    labels: row.labels,
    categories: row.categories.map((name, i) => ({
      name,
      type: row.category_types[i] ?? 'other',
    })),
    hyperparameters: jsonOf(row.hyperparameters),
    steps: row.steps,
    trainSeconds: row.train_seconds,
    parameters: row.parameters,
    weightsKey: row.weights_key,
    onnxKey: row.onnx_key,
    evaluation: jsonOf(row.evaluation),
    createdAt: row.created_at,
  };
}

export async function modelsById(tx: Transaction, ids: readonly string[]): Promise<ModelRecord[]> {
  const rows = await tx.query<ModelRow>(
    `SELECT ${COLUMNS} FROM models WHERE id = ANY($1::text[])`,
    [ids],
  );
  return rows.map(toModel);
}

export async function activeModel(tx: Transaction): Promise<ModelRecord | null> {
  const [row] = await tx.query<ModelRow>(`SELECT ${COLUMNS} FROM models WHERE is_active`);
  return row === undefined ? null : toModel(row);
}

/** Stores a model; one that is known stays as it is. */
export async function insertModel(tx: Transaction, model: ModelRecord): Promise<void> {
  const { categories, evaluation } = model;
  await tx.query(
    `INSERT INTO models (${COLUMNS}, ap, ap50)
     VALUES ($1, $2, $3, $4::text[], $5::text[], $6::jsonb, $7, $8, $9, $10, $11, $12::jsonb, $13, $14, $15)
     ON CONFLICT (id) DO NOTHING`,
    [
      model.id,
      model.datasetId,
      model.labels,
      categories.map(({ name }) => name),
      categories.map(({ type }) => type),
      JSON.stringify(model.hyperparameters),
      model.steps,
      model.trainSeconds,
      model.parameters,
      model.weightsKey,
      model.onnxKey,
      JSON.stringify(evaluation),
      model.createdAt,
      evaluation?.ap ?? null,
      evaluation?.ap50 ?? null,
    ],
  );
}

/** Makes a stored model the one for new runs. */
export async function activateModel(tx: Transaction, id: string): Promise<void> {
  await tx.query('UPDATE models SET is_active = false WHERE is_active AND id <> $1', [id]);
  await tx.query('UPDATE models SET is_active = true WHERE id = $1 AND NOT is_active', [id]);
}
