import type { ObjectReference, Transaction } from '@deepstyle/storage';

/** A row of `designs`. */
export interface DesignRecord {
  readonly id: string;
  readonly modelId: string;
  readonly decoderVersion: string;
  readonly latent: readonly number[];
  readonly realism: number;
  /** Nearest first. */
  readonly nearestGarments: readonly { readonly garmentId: string; readonly distance: number }[];
  readonly image: ObjectReference;
  readonly sizePx: number;
  readonly blurhash: string | null;
  readonly dominantColor: string | null;
  readonly createdAt: Date;
}

/** Inserts designs; one that exists stays as it is. */
export async function saveDesigns(
  tx: Transaction,
  designs: readonly DesignRecord[],
): Promise<void> {
  const rows = designs.map(({ image, ...design }) => ({
    ...design,
    imageKey: image.key,
    imageSha256: image.sha256,
    imageContentType: image.contentType,
    imageBytes: image.bytes,
  }));
  await tx.query(
    `INSERT INTO designs (id, model_id, decoder_version, latent, realism, nearest_garments, image_key,
       image_sha256, image_content_type, image_bytes, size_px, blurhash, dominant_color, created_at)
     SELECT * FROM jsonb_to_recordset($1::jsonb) AS r(id text, "modelId" text, "decoderVersion" text,
       latent jsonb, realism float8, "nearestGarments" jsonb, "imageKey" text, "imageSha256" text,
       "imageContentType" text, "imageBytes" int4, "sizePx" int4, blurhash text, "dominantColor" text,
       "createdAt" timestamptz)
     ON CONFLICT (id) DO NOTHING`,
    [JSON.stringify(rows)],
  );
}

export async function designsById(
  tx: Transaction,
  ids: readonly string[],
): Promise<readonly DesignRecord[]> {
  const rows = await tx.query<DesignRow>('SELECT * FROM designs WHERE id = ANY($1::text[])', [ids]);
  return rows.map(designOf);
}

export type PlacedDesign = DesignRecord & { readonly position: number };

/** The designs of a collection after a position, in its order. */
export async function designsOfCollection(
  tx: Transaction,
  collectionId: string,
  after: number,
  limit: number,
): Promise<readonly PlacedDesign[]> {
  const rows = await tx.query<DesignRow & { readonly position: number }>(
    `SELECT d.*, c.position FROM collection_designs c JOIN designs d ON d.id = c.design_id
     WHERE c.collection_id = $1 AND c.position > $2 ORDER BY c.position LIMIT $3`,
    [collectionId, after, limit],
  );
  return rows.map((row) => ({ ...designOf(row), position: row.position }));
}

/** Remembers objects of candidates that were not chosen, until forgetUnusedObjects. */
export async function noteUnusedObjects(
  tx: Transaction,
  runId: string,
  keys: readonly string[],
): Promise<void> {
  await tx.query(
    `INSERT INTO unused_objects (object_key, run_id) SELECT key, $1 FROM unnest($2::text[]) AS k(key)
     ON CONFLICT (object_key) DO NOTHING`,
    [runId, keys],
  );
}

/** Objects to delete, and whether a design refers to them after all. */
export async function unusedObjects(
  tx: Transaction,
  runId: string,
): Promise<readonly { key: string; isUsed: boolean }[]> {
  return tx.query<{ key: string; isUsed: boolean }>(
    `SELECT object_key AS key, EXISTS (SELECT 1 FROM designs WHERE image_key = object_key) AS "isUsed"
     FROM unused_objects WHERE run_id = $1`,
    [runId],
  );
}

export async function forgetUnusedObjects(tx: Transaction, runId: string): Promise<void> {
  await tx.query('DELETE FROM unused_objects WHERE run_id = $1', [runId]);
}

interface DesignRow {
  readonly id: string;
  readonly model_id: string;
  readonly decoder_version: string;
  readonly latent: number[];
  readonly realism: number;
  readonly nearest_garments: { garmentId: string; distance: number }[];
  readonly image_key: string;
  readonly image_sha256: string;
  readonly image_content_type: string;
  readonly image_bytes: number;
  readonly size_px: number;
  readonly blurhash: string | null;
  readonly dominant_color: string | null;
  readonly created_at: Date;
}

function designOf(row: DesignRow): DesignRecord {
  return {
    id: row.id,
    modelId: row.model_id,
    decoderVersion: row.decoder_version,
    latent: row.latent,
    realism: row.realism,
    nearestGarments: row.nearest_garments,
    image: {
      key: row.image_key,
      sha256: row.image_sha256,
      contentType: row.image_content_type,
      bytes: row.image_bytes,
    },
    sizePx: row.size_px,
    blurhash: row.blurhash,
    dominantColor: row.dominant_color,
    createdAt: row.created_at,
  };
}
