import type { CategoryType, RunReference } from '@deepstyle/contracts';
import type { ObjectReference, Transaction } from '@deepstyle/storage';
import type { Box } from './crop.ts';
import type { PaletteColor } from './garment-look.ts';
import type { RunProgress } from './run-progress.ts';

/** A row of `garments`. */
export interface GarmentRecord {
  readonly id: string;
  readonly photoId: string;
  readonly detector: string;
  readonly box: Box;
  readonly category: string;
  readonly categoryType: CategoryType;
  readonly score: number | null;
  readonly brand: string | null;
  readonly image: ObjectReference;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly palette: readonly PaletteColor[];
  readonly dominantColor: string | null;
  readonly blurhash: string | null;
  readonly createdAt: Date;
}

/** A row of `runs`. */
export interface RunRecord {
  readonly reference: RunReference;
  readonly progress: RunProgress;
  readonly updatedAt: Date;
}

export interface RunPhoto {
  readonly runId: string;
  readonly photoId: string;
}

export interface OutcomeRecord extends RunPhoto {
  readonly outcome: 'done' | 'failed';
  readonly reason: string | null;
}

type RunGarment = Pick<GarmentRecord, 'category' | 'categoryType' | 'brand'> & {
  readonly runId: string;
  readonly garmentId: string;
};

/** Inserts the runs that are new and locks all of them until the transaction ends, in one order for everybody. */
export async function lockRuns(
  tx: Transaction,
  references: readonly RunReference[],
  now: Date,
): Promise<ReadonlyMap<string, RunRecord>> {
  const byId = new Map(references.map((reference) => [reference.id, reference]));
  const ids = [...byId.keys()].sort();
  const rows = ids.map((id) => ({ id, reference: byId.get(id) }));
  await tx.query(
    `INSERT INTO runs (id, reference, created_at, updated_at)
     SELECT id, reference, $2, $2 FROM jsonb_to_recordset($1::jsonb) AS r(id text, reference jsonb)
     ON CONFLICT (id) DO NOTHING`,
    [JSON.stringify(rows), now],
  );
  const locked = await tx.query<RunRow>(
    'SELECT * FROM runs WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE',
    [ids],
  );
  return new Map(locked.map((row) => [row.id, runOf(row)]));
}

export async function runsById(
  tx: Transaction,
  ids: readonly string[],
): Promise<ReadonlyMap<string, RunRecord>> {
  const rows = await tx.query<RunRow>('SELECT * FROM runs WHERE id = ANY($1::text[])', [ids]);
  return new Map(rows.map((row) => [row.id, runOf(row)]));
}

/** Writes how far the runs are, after lockRuns in the same transaction. */
export async function saveProgress(
  tx: Transaction,
  runs: readonly { readonly id: string; readonly progress: RunProgress }[],
  now: Date,
): Promise<void> {
  const rows = runs.map(({ id, progress }) => ({ id, ...progress }));
  await tx.query(
    `UPDATE runs SET expected = r.expected, done = r.done, failed = r.failed, garments = r.garments,
       updated_at = $2, ready_at = CASE WHEN r.ready THEN COALESCE(runs.ready_at, $2) END
     FROM jsonb_to_recordset($1::jsonb)
       AS r(id text, expected int4, done int4, failed int4, garments int4, ready boolean)
     WHERE runs.id = r.id`,
    [JSON.stringify(rows), now],
  );
}

/** Those of the photographs that are settled in their run. */
export async function settledPhotos(
  tx: Transaction,
  photos: readonly RunPhoto[],
): Promise<readonly RunPhoto[]> {
  return tx.query<{ runId: string; photoId: string }>(
    `SELECT p.run_id AS "runId", p.photo_id AS "photoId"
     FROM jsonb_to_recordset($1::jsonb) AS r("runId" text, "photoId" text)
     JOIN run_photos p ON p.run_id = r."runId" AND p.photo_id = r."photoId"
     WHERE p.outcome IS NOT NULL`,
    [JSON.stringify(photos.map(({ runId, photoId }) => ({ runId, photoId })))],
  );
}

export async function saveOutcomes(
  tx: Transaction,
  outcomes: readonly OutcomeRecord[],
): Promise<void> {
  await tx.query(
    `INSERT INTO run_photos (run_id, photo_id, outcome, reason)
     SELECT "runId", "photoId", outcome, reason FROM jsonb_to_recordset($1::jsonb)
       AS r("runId" text, "photoId" text, outcome text, reason text)
     ON CONFLICT (run_id, photo_id) DO UPDATE SET outcome = excluded.outcome, reason = excluded.reason
     WHERE run_photos.outcome IS NULL`,
    [JSON.stringify(outcomes)],
  );
}

/** Counts an attempt at a photograph that failed, after lockRuns; the number of them so far. */
export async function countAttempt(
  tx: Transaction,
  { runId, photoId }: RunPhoto,
  reason: string,
): Promise<number> {
  const [row] = await tx.query<{ attempts: number }>(
    `INSERT INTO run_photos (run_id, photo_id, attempts, reason) VALUES ($1, $2, 1, $3)
     ON CONFLICT (run_id, photo_id) DO UPDATE SET attempts = run_photos.attempts + 1
     RETURNING attempts`,
    [runId, photoId, reason],
  );
  return row?.attempts ?? 1;
}

/** Inserts garments; one that exists keeps its image and takes what its newest run says of it. */
export async function saveGarments(
  tx: Transaction,
  garments: readonly GarmentRecord[],
): Promise<void> {
  const rows = [...new Map(garments.map((garment) => [garment.id, garment])).values()]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ image, ...garment }) => ({
      ...garment,
      imageKey: image.key,
      imageSha256: image.sha256,
      imageContentType: image.contentType,
      imageBytes: image.bytes,
    }));
  await tx.query(
    `INSERT INTO garments (id, photo_id, detector, box, category, category_type, score, brand, image_key,
       image_sha256, image_content_type, image_bytes, width_px, height_px, palette, dominant_color, blurhash,
       created_at)
     SELECT * FROM jsonb_to_recordset($1::jsonb) AS r(id text, "photoId" text, detector text, box int4[],
       category text, "categoryType" text, score float8, brand text, "imageKey" text, "imageSha256" text,
       "imageContentType" text, "imageBytes" int4, "widthPx" int4, "heightPx" int4, palette jsonb,
       "dominantColor" text, blurhash text, "createdAt" timestamptz)
     ON CONFLICT (id) DO UPDATE SET category = excluded.category, category_type = excluded.category_type,
       brand = excluded.brand`,
    [JSON.stringify(rows)],
  );
}

export async function saveRunGarments(
  tx: Transaction,
  garments: readonly RunGarment[],
): Promise<void> {
  await tx.query(
    `INSERT INTO run_garments (run_id, garment_id, category, category_type, brand)
     SELECT * FROM jsonb_to_recordset($1::jsonb)
       AS r("runId" text, "garmentId" text, category text, "categoryType" text, brand text)
     ON CONFLICT (run_id, garment_id) DO NOTHING`,
    [
      JSON.stringify(
        garments.map(({ runId, garmentId, category, categoryType, brand }) => {
          return { runId, garmentId, category, categoryType, brand };
        }),
      ),
    ],
  );
}

export async function garmentsById(
  tx: Transaction,
  ids: readonly string[],
): Promise<readonly GarmentRecord[]> {
  const rows = await tx.query<GarmentRow>('SELECT * FROM garments WHERE id = ANY($1::text[])', [
    ids,
  ]);
  return rows.map(garmentOf);
}

/** The garments of each photograph, by id, at most `limit` each. */
export async function garmentsOfPhotos(
  tx: Transaction,
  photoIds: readonly string[],
  limit: number,
): Promise<readonly GarmentRecord[]> {
  const rows = await tx.query<GarmentRow>(
    `SELECT g.* FROM unnest($1::text[]) AS p(id)
     CROSS JOIN LATERAL (SELECT * FROM garments WHERE photo_id = p.id ORDER BY id LIMIT $2) AS g`,
    [photoIds, limit],
  );
  return rows.map(garmentOf);
}

/** The garments of a run after an id, by id, with the category and brand that this run's sources gave them. */
export async function garmentsOfRun(
  tx: Transaction,
  runId: string,
  after: string,
  limit: number,
): Promise<readonly GarmentRecord[]> {
  const rows = await tx.query<GarmentRow>(
    `SELECT g.*, r.category, r.category_type, r.brand
     FROM run_garments r JOIN garments g ON g.id = r.garment_id
     WHERE r.run_id = $1 AND r.garment_id > $2 ORDER BY r.garment_id LIMIT $3`,
    [runId, after, limit],
  );
  return rows.map(garmentOf);
}

interface RunRow {
  readonly id: string;
  readonly reference: RunReference;
  readonly expected: number | null;
  readonly done: number;
  readonly failed: number;
  readonly garments: number;
  readonly updated_at: Date;
  readonly ready_at: Date | null;
}

function runOf(row: RunRow): RunRecord {
  const { expected, done, failed, garments } = row;
  return {
    reference: row.reference,
    progress: { expected, done, failed, garments, ready: row.ready_at !== null },
    updatedAt: row.updated_at,
  };
}

interface GarmentRow {
  readonly id: string;
  readonly photo_id: string;
  readonly detector: string;
  readonly box: [number, number, number, number];
  readonly category: string;
  readonly category_type: CategoryType;
  readonly score: number | null;
  readonly brand: string | null;
  readonly image_key: string;
  readonly image_sha256: string;
  readonly image_content_type: string;
  readonly image_bytes: number;
  readonly width_px: number;
  readonly height_px: number;
  readonly palette: PaletteColor[];
  readonly dominant_color: string | null;
  readonly blurhash: string | null;
  readonly created_at: Date;
}

function garmentOf(row: GarmentRow): GarmentRecord {
  return {
    id: row.id,
    photoId: row.photo_id,
    detector: row.detector,
    box: row.box,
    category: row.category,
    categoryType: row.category_type,
    score: row.score,
    brand: row.brand,
    image: {
      key: row.image_key,
      sha256: row.image_sha256,
      contentType: row.image_content_type,
      bytes: row.image_bytes,
    },
    widthPx: row.width_px,
    heightPx: row.height_px,
    palette: row.palette,
    dominantColor: row.dominant_color,
    blurhash: row.blurhash,
    createdAt: row.created_at,
  };
}
