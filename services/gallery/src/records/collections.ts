import type { Transaction } from '@deepstyle/storage';

/** A row of `collections`. */
export interface CollectionRecord {
  readonly id: string;
  readonly runId: string;
  readonly season: string;
  readonly brand: string | null;
  readonly modelId: string;
  readonly designCount: number;
  readonly createdAt: Date;
}

/** Inserts a collection with its designs in order; false where it exists already, and stays as it is. */
export async function saveCollection(
  tx: Transaction,
  collection: CollectionRecord,
  designIds: readonly string[],
): Promise<boolean> {
  const { id, runId, season, brand, modelId, createdAt } = collection;
  const inserted = await tx.query(
    `INSERT INTO collections (id, run_id, season, brand, model_id, design_count, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING RETURNING id`,
    [id, runId, season, brand, modelId, designIds.length, createdAt],
  );
  if (inserted.length === 0) return false;
  await tx.query(
    `INSERT INTO collection_designs (collection_id, position, design_id)
     SELECT $1, place - 1, design_id FROM unnest($2::text[]) WITH ORDINALITY AS d(design_id, place)`,
    [id, designIds],
  );
  return true;
}

export async function collectionsById(
  tx: Transaction,
  ids: readonly string[],
): Promise<readonly CollectionRecord[]> {
  const rows = await tx.query<CollectionRow>(
    'SELECT * FROM collections WHERE id = ANY($1::text[])',
    [ids],
  );
  return rows.map(collectionOf);
}

/** The newest collection of each run. */
export async function collectionsOfRuns(
  tx: Transaction,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, CollectionRecord>> {
  const rows = await tx.query<CollectionRow>(
    'SELECT * FROM collections WHERE run_id = ANY($1::text[]) ORDER BY created_at, id',
    [runIds],
  );
  return new Map(rows.map((row) => [row.run_id, collectionOf(row)]));
}

/** Newest first; `after`: creation time and id of the last row of the page before. */
export async function newestCollections(
  tx: Transaction,
  season: string | null,
  after: readonly [createdAt: string, id: string] | null,
  limit: number,
): Promise<readonly CollectionRecord[]> {
  const rows = await tx.query<CollectionRow>(
    `SELECT * FROM collections WHERE ($1::text IS NULL OR season = $1)
       AND ($2::timestamptz IS NULL OR (created_at, id) < ($2::timestamptz, $3::text))
     ORDER BY created_at DESC, id DESC LIMIT $4`,
    [season, after?.[0] ?? null, after?.[1] ?? null, limit],
  );
  return rows.map(collectionOf);
}

interface CollectionRow {
  readonly id: string;
  readonly run_id: string;
  readonly season: string;
  readonly brand: string | null;
  readonly model_id: string;
  readonly design_count: number;
  readonly created_at: Date;
}

function collectionOf(row: CollectionRow): CollectionRecord {
  return {
    id: row.id,
    runId: row.run_id,
    season: row.season,
    brand: row.brand,
    modelId: row.model_id,
    designCount: row.design_count,
    createdAt: row.created_at,
  };
}
