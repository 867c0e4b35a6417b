import type { ObjectReference, Transaction } from '@deepstyle/storage';
import type { BoxConvention, Category } from '../category.ts';
import type { SourceCounts } from '../dataset-source.ts';
import type { DatasetSourceFormat } from '../open-dataset.ts';

/** A dataset with its categories, by id. */
export interface DatasetRecord {
  readonly id: string;
  readonly name: string;
  readonly images: number;
  readonly annotations: number;
  readonly createdAt: Date;
  readonly source: DatasetSourceFormat;
  readonly boxConvention: BoxConvention;
  readonly splits: SourceCounts['splits'];
  readonly storedImages: number;
  readonly annotationsObject: ObjectReference;
  readonly categories: readonly Category[];
}

/** Where a page of datasets begins: after this one, which is newer. */
export interface DatasetPosition {
  readonly createdAt: string;
  readonly id: string;
}

const DATASET = `SELECT d.id, d.name, d.images, d.annotations, d.created_at AS "createdAt", d.source,
    d.box_convention AS "boxConvention", d.stored_images AS "storedImages",
    d.annotations_object AS "annotationsObject",
    jsonb_build_object('train', d.train_images, 'val', d.val_images, 'test', d.test_images,
      'none', d.unsplit_images) AS splits,
    COALESCE(c.list, '[]'::jsonb) AS categories
  FROM datasets d LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('id', number, 'name', name, 'type', type) ORDER BY number) AS list
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

/** Stores a dataset; one with the same id is the same one and stays as it is. True where it is new. */
export async function saveDataset(tx: Transaction, dataset: DatasetRecord): Promise<boolean> {
  const { id, name, images, annotations, createdAt, splits, categories } = dataset;
  const inserted = await tx.query(
    `INSERT INTO datasets (id, name, images, annotations, created_at, source, box_convention, train_images,
       val_images, test_images, unsplit_images, stored_images, annotations_object)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     ON CONFLICT (id) DO NOTHING RETURNING id`,
    [
      id,
      name,
      images,
      annotations,
      createdAt,
      dataset.source,
      dataset.boxConvention,
      splits.train,
      splits.val,
      splits.test,
      splits.none,
      dataset.storedImages,
      JSON.stringify(dataset.annotationsObject),
    ],
  );
  if (inserted.length === 0) return false;
  await tx.query(
    `INSERT INTO categories (dataset_id, number, name, type)
     SELECT $1, id, name, type FROM jsonb_to_recordset($2::jsonb) AS r(id int4, name text, type text)`,
    [id, JSON.stringify(categories)],
  );
  return true;
}
