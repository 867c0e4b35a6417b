import type { SqlValue, Transaction } from '@deepstyle/storage';
import type { RejectionCode } from './errors.ts';
import type { Photograph } from './photograph.ts';
import type { PhotoClaims } from './sources/finding.ts';

export type SourceKind = 'folder' | 'url' | 'manifest';

export interface RunSource {
  readonly kind: SourceKind;
  readonly location: string;
}

export type RunState = 'RUNNING' | 'DONE' | 'FAILED';

export interface Run {
  readonly id: string;
  readonly season: string;
  readonly brand: string | null;
  readonly detector: string;
  readonly ganSteps: number | null;
  readonly ganSkip: boolean;
  readonly sources: readonly RunSource[];
  readonly state: RunState;
  readonly detail: string | null;
  readonly expected: number | null;
  readonly stored: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface Photo extends Photograph {
  readonly objectKey: string;
  readonly brand: string | null;
  readonly category: string | null;
  readonly source: string;
  readonly title: string | null;
  readonly author: string | null;
  readonly license: string | null;
  readonly createdAt: Date;
}

export interface NewPhoto extends Photograph {
  readonly objectKey: string;
  readonly source: string;
  readonly claims: PhotoClaims;
}

/** What became of one source, as it is written down. */
export interface SourceRow {
  readonly sourceKey: string;
  readonly name: string;
  readonly outcome: 'stored' | 'duplicate' | 'rejected';
  readonly photoId: string | null;
  readonly code: RejectionCode | null;
  readonly reason: string | null;
}

export interface RejectionRow {
  readonly name: string;
  readonly code: string;
  readonly reason: string;
}

const RUN_COLUMNS = `id, season, brand, detector, gan_steps as "ganSteps", gan_skip as "ganSkip",
  sources::text as sources, state, detail, expected, stored, duplicates, rejected,
  created_at as "createdAt", updated_at as "updatedAt"`;

const PHOTO_COLUMNS = `id, object_key as "objectKey", content_type as "contentType", bytes,
  width_px as "widthPx", height_px as "heightPx", dominant_color as "dominantColor",
  brand, category, source, title, author, license, created_at as "createdAt"`;

type StoredRun = Omit<Run, 'sources'> & { readonly sources: string };

function asRun(row: StoredRun): Run {
  return { ...row, sources: JSON.parse(row.sources) as readonly RunSource[] };
}

/** Writes a new run unless its key is taken; true where it was written. */
export async function insertRun(
  tx: Transaction,
  run: Pick<
    Run,
    'id' | 'season' | 'brand' | 'detector' | 'ganSteps' | 'ganSkip' | 'sources' | 'createdAt'
  > & { readonly idempotencyKey: string },
): Promise<boolean> {
  const { id, idempotencyKey, season, brand, detector, ganSteps, ganSkip } = run;
  const values = [id, idempotencyKey, season, brand, detector, ganSteps, ganSkip];
  const rows = await tx.query(
    `insert into runs (id, idempotency_key, season, brand, detector, gan_steps, gan_skip, sources,
                       state, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb, 'RUNNING', $9, $9)
     on conflict (idempotency_key) do nothing returning id`,
    [...values, JSON.stringify(run.sources), run.createdAt],
  );
  return rows.length > 0;
}

export async function findRunByKey(tx: Transaction, idempotencyKey: string): Promise<Run | null> {
  const [row] = await tx.query<StoredRun>(
    `select ${RUN_COLUMNS} from runs where idempotency_key = $1`,
    [idempotencyKey],
  );
  return row === undefined ? null : asRun(row);
}

export async function findRuns(tx: Transaction, ids: readonly string[]): Promise<Run[]> {
  const rows = await tx.query<StoredRun>(
    `select ${RUN_COLUMNS} from runs where id = any($1::uuid[])`,
    [ids],
  );
  return rows.map(asRun);
}

/** Takes the run for this transaction, so that its counts and members are written by one at a time. */
export async function lockRun(tx: Transaction, id: string): Promise<Run | null> {
  const [row] = await tx.query<StoredRun>(
    `select ${RUN_COLUMNS} from runs where id = $1 for update`,
    [id],
  );
  return row === undefined ? null : asRun(row);
}

/** Newest first; `after` is [createdAt ISO, id] of the last run of the page before. */
export async function listRuns(
  tx: Transaction,
  limit: number,
  after: readonly string[] | null,
): Promise<Run[]> {
  const rows = await tx.query<StoredRun>(
    `select ${RUN_COLUMNS} from runs
     where $1::text is null or (created_at, id) < ($1::text::timestamptz, $2::text::uuid)
     order by created_at desc, id desc limit $3`,
    [after?.[0] ?? null, after?.[1] ?? null, limit],
  );
  return rows.map(asRun);
}

export async function updateRun(
  tx: Transaction,
  id: string,
  change: {
    readonly stored?: number;
    readonly duplicates?: number;
    readonly rejected?: number;
    readonly state?: RunState;
    readonly detail?: string | null;
    readonly expected?: number | null;
    readonly at: Date;
  },
): Promise<void> {
  const { at, ...columns } = change;
  const names = Object.keys(columns) as (keyof typeof columns)[];
  const values: SqlValue[] = names.map((name) => columns[name] ?? null);
  const sets = names.map((name, index) => `${name} = $${index + 3}`);
  await tx.query(`update runs set ${['updated_at = $2', ...sets].join(', ')} where id = $1`, [
    id,
    at,
    ...values,
  ]);
}

/** Keys of the sources of a run whose outcome is known, a page at a time. */
export async function listSourceKeys(
  tx: Transaction,
  runId: string,
  after: string,
  limit: number,
): Promise<string[]> {
  const rows = await tx.query<{ key: string }>(
    `select source_key as key from run_sources where run_id = $1 and source_key > $2
     order by source_key limit $3`,
    [runId, after, limit],
  );
  return rows.map(({ key }) => key);
}

/**
 * Writes photographs, each id at most once; what a known one did not say yet is filled in. Answers with the rows as
 * they stand now.
 */
export async function upsertPhotos(
  tx: Transaction,
  photos: readonly NewPhoto[],
  at: Date,
): Promise<Photo[]> {
  const rows = photos.map(({ claims, ...photo }) => ({ ...photo, ...claims }));
  return await tx.query<Photo>(
    `insert into photos (id, object_key, content_type, bytes, width_px, height_px, dominant_color,
                         source, brand, category, title, author, license, created_at)
     select id, "objectKey", "contentType", bytes, "widthPx", "heightPx", "dominantColor",
            source, brand, category, title, author, license, $2
     from jsonb_to_recordset($1::text::jsonb) as x(
       id text, "objectKey" text, "contentType" text, bytes integer, "widthPx" integer,
       "heightPx" integer, "dominantColor" text, source text, brand text, category text,
       title text, author text, license text)
     order by id
     on conflict (id) do update set
       brand = coalesce(photos.brand, excluded.brand),
       category = coalesce(photos.category, excluded.category),
       title = coalesce(photos.title, excluded.title),
       author = coalesce(photos.author, excluded.author),
       license = coalesce(photos.license, excluded.license)
     returning ${PHOTO_COLUMNS}`,
    [JSON.stringify(rows), at],
  );
}

/** Makes photographs members of a run; answers with those that were none yet. */
export async function insertMembers(
  tx: Transaction,
  runId: string,
  photoIds: readonly string[],
): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>(
    `insert into run_photos (run_id, photo_id)
     select $1, id from unnest($2::text[]) as id
     on conflict do nothing returning photo_id as id`,
    [runId, photoIds],
  );
  return new Set(rows.map(({ id }) => id));
}

export async function insertSources(
  tx: Transaction,
  runId: string,
  sources: readonly SourceRow[],
): Promise<void> {
  await tx.query(
    `insert into run_sources (run_id, source_key, name, outcome, photo_id, code, reason)
     select $1, "sourceKey", name, outcome, "photoId", code, reason
     from jsonb_to_recordset($2::text::jsonb) as x(
       "sourceKey" text, name text, outcome text, "photoId" text, code text, reason text)`,
    [runId, JSON.stringify(sources)],
  );
}

/** Which of these sources of a run have an outcome. */
export async function findSourceKeys(
  tx: Transaction,
  runId: string,
  keys: readonly string[],
): Promise<Set<string>> {
  const rows = await tx.query<{ key: string }>(
    'select source_key as key from run_sources where run_id = $1 and source_key = any($2::text[])',
    [runId, keys],
  );
  return new Set(rows.map(({ key }) => key));
}

export async function findPhotos(tx: Transaction, ids: readonly string[]): Promise<Photo[]> {
  return await tx.query<Photo>(`select ${PHOTO_COLUMNS} from photos where id = any($1::text[])`, [
    ids,
  ]);
}

/** Members of a run by id; `after` is the last id of the page before. */
export async function listMembers(
  tx: Transaction,
  runId: string,
  limit: number,
  after: string | null,
): Promise<Photo[]> {
  return await tx.query<Photo>(
    `select ${PHOTO_COLUMNS} from photos join run_photos on photo_id = id
     where run_id = $1 and ($2::text is null or photo_id > $2)
     order by photo_id limit $3`,
    [runId, after, limit],
  );
}

/** Oldest first. */
export async function listRejections(
  tx: Transaction,
  runId: string,
  limit: number,
): Promise<RejectionRow[]> {
  return await tx.query<RejectionRow>(
    `select name, code, reason from run_sources where run_id = $1 and outcome = 'rejected'
     order by position limit $2`,
    [runId, limit],
  );
}

/** How often each code stands among the rejected sources of a run, most frequent first. */
export async function countRejections(
  tx: Transaction,
  runId: string,
): Promise<{ code: string; count: number }[]> {
  return await tx.query<{ code: string; count: number }>(
    `select code, count(*)::int as count from run_sources where run_id = $1 and outcome = 'rejected'
     group by code order by count desc, code`,
    [runId],
  );
}
