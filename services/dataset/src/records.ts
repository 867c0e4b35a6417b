import type { CategoryType } from '@deepstyle/contracts';
import type { Transaction } from '@deepstyle/storage';

export interface CategoryRecord {
  /** From 1. */
  readonly number: number;
  readonly name: string;
  readonly type: CategoryType;
}

/** A dataset with its categories, by number. */
export interface DatasetRecord {
  readonly id: string;
  readonly name: string;
  readonly images: number;
  readonly annotations: number;
  readonly createdAt: Date;
  readonly categories: readonly CategoryRecord[];
}

/** Where a page of datasets begins: after this one, which is newer. */
export interface DatasetPosition {
  readonly createdAt: string;
  readonly id: string;
}

const DATASET = `SELECT d.id, d.name, d.images, d.annotations, d.created_at AS "createdAt",
    COALESCE(c.list, '[]'::jsonb) AS categories
  FROM datasets d LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('number', number, 'name', name, 'type', type) ORDER BY number) AS list
    FROM categories WHERE dataset_id = d.id
  ) AS c ON true`;

export function datasetsById(
  tx: Transaction,
  ids: readonly string[],
): Promise<readonly DatasetRecord[]> {
  return tx.query<DatasetRecord>(`${DATASET} WHERE d.id = ANY($1::text[])`, [ids]);
}

/** Newest first. */
export function listDatasets(
  tx: Transaction,
  after: DatasetPosition | null,
  limit: number,
): Promise<readonly DatasetRecord[]> {
  return tx.query<DatasetRecord>(
    `${DATASET} WHERE $1::timestamptz IS NULL OR (d.created_at, d.id) < ($1::timestamptz, $2)
     ORDER BY d.created_at DESC, d.id DESC LIMIT $3`,
    [after?.createdAt ?? null, after?.id ?? '', limit],
  );
}

/** Stores a dataset; one with the same id is the same one. */
export async function saveDataset(tx: Transaction, dataset: DatasetRecord): Promise<void> {
  const { id, name, images, annotations, createdAt, categories } = dataset;
  const inserted = await tx.query(
    `INSERT INTO datasets (id, name, images, annotations, created_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (id) DO NOTHING RETURNING id`,
    [id, name, images, annotations, createdAt],
  );
  if (inserted.length === 0) return;
  await tx.query(
    `INSERT INTO categories (dataset_id, number, name, type)
     SELECT $1, number, name, type FROM jsonb_to_recordset($2::jsonb) AS r(number int4, name text, type text)`,
    [id, JSON.stringify(categories)],
  );
}
