import type { Transaction } from '@deepstyle/storage';

/** A trained detector. */
export interface ModelRecord {
  readonly id: string;
  readonly datasetId: string;
  /** Names of the categories that it detects. */
  readonly categories: readonly string[];
  /** COCO's AP@[.50:.95] in [0, 1]; null where it was not measured. */
  readonly ap: number | null;
  /** AP at IoU 0.5, in [0, 1]. */
  readonly ap50: number | null;
  readonly createdAt: Date;
}

/** What a run pinned at its start: the id of a model, or `none`. */
export interface PinnedRun {
  readonly id: string;
  readonly detector: string;
  readonly seenAt: Date;
}

const MODEL = `SELECT id, dataset_id AS "datasetId", categories, ap, ap50, created_at AS "createdAt"
  FROM models`;

export function modelsById(
  tx: Transaction,
  ids: readonly string[],
): Promise<readonly ModelRecord[]> {
  return tx.query<ModelRecord>(`${MODEL} WHERE id = ANY($1::text[])`, [ids]);
}

export async function activeModel(tx: Transaction): Promise<ModelRecord | null> {
  const [model] = await tx.query<ModelRecord>(`${MODEL} WHERE is_active`);
  return model ?? null;
}

/** Stores a model and makes it the one for new runs. */
export async function activateModel(tx: Transaction, model: ModelRecord): Promise<void> {
  const { id, datasetId, categories, ap, ap50, createdAt } = model;
  await tx.query('UPDATE models SET is_active = false WHERE is_active AND id <> $1', [id]);
  await tx.query(
    `INSERT INTO models (id, dataset_id, categories, ap, ap50, created_at, is_active)
     VALUES ($1, $2, $3, $4, $5, $6, true)
     ON CONFLICT (id) DO UPDATE SET is_active = true`,
    [id, datasetId, categories, ap, ap50, createdAt],
  );
}

/** Remembers a run; the first word on it stands. */
export async function saveRun(tx: Transaction, run: PinnedRun): Promise<void> {
  await tx.query(
    `INSERT INTO runs (id, detector, seen_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING`,
    [run.id, run.detector, run.seenAt],
  );
}

export function runsById(tx: Transaction, ids: readonly string[]): Promise<readonly PinnedRun[]> {
  return tx.query<PinnedRun>(
    `SELECT id, detector, seen_at AS "seenAt" FROM runs WHERE id = ANY($1::text[])`,
    [ids],
  );
}
