import type { Transaction } from '@deepstyle/storage';
import type { BoxConvention } from '../category.ts';
import type { AnnotationSet } from '../deepfashion/layout.ts';
import type { IrregularityCount } from '../irregularities.ts';
import type { DatasetSourceFormat } from '../open-dataset.ts';

/** How the folder of an import is read. */
export interface ImportOptions {
  readonly format: DatasetSourceFormat | null;
  readonly strict: boolean;
  readonly boxConvention: BoxConvention;
  readonly annotationSet: AnnotationSet | null;
  readonly attributes: boolean;
  /** Whether images that are on the disk are stored too. */
  readonly storeImages: boolean;
  readonly sizes: string | null;
  readonly images: string | null;
}

export type ImportState = 'WAITING' | 'RUNNING' | 'DONE' | 'FAILED';

export interface ImportRecord {
  readonly id: string;
  readonly idempotencyKey: string;
  readonly name: string;
  readonly folder: string;
  readonly options: ImportOptions;
  readonly state: ImportState;
  readonly done: number;
  readonly expected: number | null;
  readonly detail: string | null;
  readonly datasetId: string | null;
  readonly irregularities: readonly IrregularityCount[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** How far an import is. */
export interface ImportProgress {
  readonly detail: string;
  readonly done: number;
  readonly expected: number | null;
}

const IMPORT = `SELECT id, idempotency_key AS "idempotencyKey", name, folder, options, state, done, expected, detail,
    dataset_id AS "datasetId", irregularities, created_at AS "createdAt", updated_at AS "updatedAt"
  FROM imports`;

export async function importById(tx: Transaction, id: string): Promise<ImportRecord | null> {
  const [found] = await tx.query<ImportRecord>(`${IMPORT} WHERE id = $1`, [id]);
  return found ?? null;
}

export async function importByKey(tx: Transaction, key: string): Promise<ImportRecord | null> {
  const [found] = await tx.query<ImportRecord>(`${IMPORT} WHERE idempotency_key = $1`, [key]);
  return found ?? null;
}

/** True where the key is new. */
export async function insertImport(
  tx: Transaction,
  one: Pick<ImportRecord, 'id' | 'idempotencyKey' | 'name' | 'folder' | 'options' | 'createdAt'>,
): Promise<boolean> {
  const inserted = await tx.query(
    `INSERT INTO imports (id, idempotency_key, name, folder, options, state, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, 'WAITING', $6, $6) ON CONFLICT (idempotency_key) DO NOTHING RETURNING id`,
    [one.id, one.idempotencyKey, one.name, one.folder, JSON.stringify(one.options), one.createdAt],
  );
  return inserted.length > 0;
}

/** Notes how far an open import is; a closed one stays as it is. */
export async function updateProgress(
  tx: Transaction,
  id: string,
  { detail, done, expected }: ImportProgress,
  now: Date,
): Promise<void> {
  await tx.query(
    `UPDATE imports SET state = 'RUNNING', detail = $2, done = $3, expected = $4, updated_at = $5
     WHERE id = $1 AND state IN ('WAITING', 'RUNNING')`,
    [id, detail, done, expected, now],
  );
}

/** Closes an open import: with its dataset, or with the reason why there is none. */
export async function closeImport(
  tx: Transaction,
  id: string,
  outcome: {
    readonly datasetId: string | null;
    readonly detail: string | null;
    readonly images: number;
    readonly irregularities: readonly IrregularityCount[];
  },
  now: Date,
): Promise<void> {
  await tx.query(
    `UPDATE imports SET state = $2, dataset_id = $3, detail = $4, done = $5, expected = $5,
       irregularities = $6, updated_at = $7
     WHERE id = $1 AND state IN ('WAITING', 'RUNNING')`,
    [
      id,
      outcome.datasetId === null ? 'FAILED' : 'DONE',
      outcome.datasetId,
      outcome.detail,
      outcome.images,
      JSON.stringify(outcome.irregularities),
      now,
    ],
  );
}
