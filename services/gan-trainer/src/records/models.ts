import type { Transaction } from '@deepstyle/storage';
import { dateOf, jsonOf } from './columns.ts';

export interface GanModel {
  readonly id: string;
  /** The run that trained it; its metrics and samples stand under this id. */
  readonly runId: string;
  readonly season: string;
  readonly sizePx: number;
  readonly latentSize: number;
  readonly parameters: number;
  readonly steps: number;
  readonly bestStep: number;
  readonly firstKid: number | null;
  readonly bestKid: number | null;
  readonly featureSpace: string;
  readonly manifestHash: string;
  readonly hyperparameters: object;
  readonly weightsKey: string;
  readonly onnxKey: string;
  readonly createdAt: Date;
}

interface ModelRow {
  id: string;
  run_id: string;
  season: string;
  size_px: number;
  latent_size: number;
  parameters: number;
  steps: number;
  best_step: number;
  first_kid: number | null;
  best_kid: number | null;
  feature_space: string;
  manifest_hash: string;
  hyperparameters: unknown;
  weights_key: string;
  onnx_key: string;
  created_at: unknown;
}

const COLUMNS = `id, run_id, season, size_px, latent_size, parameters, steps, best_step, first_kid, best_kid,
  feature_space, manifest_hash, hyperparameters, weights_key, onnx_key, created_at`;

function toModel(row: ModelRow): GanModel {
  return {
    id: row.id,
    runId: row.run_id,
    season: row.season,
    sizePx: row.size_px,
    latentSize: row.latent_size,
    parameters: row.parameters,
    steps: row.steps,
    bestStep: row.best_step,
    firstKid: row.first_kid,
    bestKid: row.best_kid,
    featureSpace: row.feature_space,
    manifestHash: row.manifest_hash,
    hyperparameters: jsonOf(row.hyperparameters),
    weightsKey: row.weights_key,
    onnxKey: row.onnx_key,
    createdAt: dateOf(row.created_at),
  };
}

export async function findModels(tx: Transaction, ids: readonly string[]): Promise<GanModel[]> {
  const rows = await tx.query<ModelRow>(
    `select ${COLUMNS} from models where id = any($1::text[])`,
    [ids],
  );
  return rows.map(toModel);
}

/** False where the model is known already: two runs with the same garments trained at once. */
export async function insertModel(tx: Transaction, model: GanModel): Promise<boolean> {
  const rows = await tx.query(
    `insert into models (${COLUMNS})
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::jsonb, $14, $15, $16)
     on conflict (id) do nothing returning id`,
    [
      model.id,
      model.runId,
      model.season,
      model.sizePx,
      model.latentSize,
      model.parameters,
      model.steps,
      model.bestStep,
      model.firstKid,
      model.bestKid,
      model.featureSpace,
      model.manifestHash,
      JSON.stringify(model.hyperparameters),
      model.weightsKey,
      model.onnxKey,
      model.createdAt,
    ],
  );
  return rows.length === 1;
}

export async function insertModelGarments(
  tx: Transaction,
  modelId: string,
  garmentIds: readonly string[],
  heldOut: boolean,
): Promise<void> {
  await tx.query(
    `insert into model_garments (model_id, garment_id, held_out)
     select $1, garment_id, $3 from unnest($2::text[]) as g (garment_id) on conflict do nothing`,
    [modelId, garmentIds, heldOut],
  );
}

/** Garments that the model was trained on (not those held out), by id, after a given one. */
export async function listModelGarments(
  tx: Transaction,
  modelId: string,
  after: string | null,
  limit: number,
): Promise<string[]> {
  const rows = await tx.query<{ garment_id: string }>(
    `select garment_id from model_garments
     where model_id = $1 and not held_out and ($2::text is null or garment_id > $2)
     order by garment_id limit $3`,
    [modelId, after, limit],
  );
  return rows.map((row) => row.garment_id);
}

export async function countModelGarments(
  tx: Transaction,
  modelIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await tx.query<{ model_id: string; garments: number }>(
    `select model_id, count(*)::integer as garments from model_garments
     where model_id = any($1::text[]) and not held_out group by model_id`,
    [modelIds],
  );
  return new Map(rows.map((row) => [row.model_id, row.garments]));
}
