import type { ObjectReference, Transaction } from '@deepstyle/storage';
import { jsonOf } from './columns.ts';

export interface GenerateRequest {
  readonly requestKey: string;
  readonly modelId: string;
  readonly count: number;
  /** A whole number as text: an int64 does not fit a double. */
  readonly seed: string;
  readonly state: 'queued' | 'done' | 'failed';
  readonly reason: string | null;
}

export interface NearestGarment {
  readonly garmentId: string;
  readonly distance: number;
}

export interface GeneratedDesign {
  readonly position: number;
  readonly latent: readonly number[];
  readonly image: ObjectReference;
  readonly realism: number;
  readonly nearest: readonly NearestGarment[];
}

/** False where the key is taken. */
export async function insertRequest(
  tx: Transaction,
  request: Pick<GenerateRequest, 'requestKey' | 'modelId' | 'count' | 'seed'>,
  now: Date,
): Promise<boolean> {
  const rows = await tx.query(
    `insert into generate_requests (request_key, model_id, count, seed, state, created_at)
     values ($1, $2, $3, $4, 'queued', $5) on conflict (request_key) do nothing returning request_key`,
    [request.requestKey, request.modelId, request.count, request.seed, now],
  );
  return rows.length === 1;
}

export async function findRequest(
  tx: Transaction,
  requestKey: string,
): Promise<GenerateRequest | null> {
  const rows = await tx.query<{
    request_key: string;
    model_id: string;
    count: number;
    seed: string;
    state: GenerateRequest['state'];
    reason: string | null;
  }>(
    `select request_key, model_id, count, seed, state, reason from generate_requests where request_key = $1`,
    [requestKey],
  );
  const row = rows[0];
  if (row === undefined) return null;
  return {
    requestKey: row.request_key,
    modelId: row.model_id,
    count: row.count,
    seed: row.seed,
    state: row.state,
    reason: row.reason,
  };
}

/** Opens a failed request again, so that asking once more tries once more. */
export async function reopenRequest(tx: Transaction, requestKey: string): Promise<boolean> {
  const rows = await tx.query(
    `update generate_requests set state = 'queued', reason = null
     where request_key = $1 and state = 'failed' returning request_key`,
    [requestKey],
  );
  return rows.length === 1;
}

export async function closeRequest(
  tx: Transaction,
  requestKey: string,
  state: 'done' | 'failed',
  reason: string | null,
): Promise<void> {
  await tx.query(
    `update generate_requests set state = $2, reason = $3 where request_key = $1 and state = 'queued'`,
    [requestKey, state, reason],
  );
}

/** The same design rendered twice is stored once. */
export async function insertDesigns(
  tx: Transaction,
  requestKey: string,
  designs: readonly GeneratedDesign[],
): Promise<void> {
  await tx.query(
    `insert into generated_designs (request_key, position, latent, image, realism, nearest)
     select $1, (d ->> 'position')::integer, d -> 'latent', d -> 'image', (d ->> 'realism')::double precision,
       d -> 'nearest'
     from jsonb_array_elements($2::jsonb) as d
     on conflict (request_key, position) do nothing`,
    [requestKey, JSON.stringify(designs)],
  );
}

export async function countDesigns(tx: Transaction, requestKey: string): Promise<number> {
  const rows = await tx.query<{ designs: number }>(
    'select count(*)::integer as designs from generated_designs where request_key = $1',
    [requestKey],
  );
  return rows[0]?.designs ?? 0;
}

/** Designs from a position on, in order. */
export async function listDesigns(
  tx: Transaction,
  requestKey: string,
  fromPosition: number,
  limit: number,
): Promise<GeneratedDesign[]> {
  const rows = await tx.query<{
    position: number;
    latent: unknown;
    image: unknown;
    realism: number;
    nearest: unknown;
  }>(
    `select position, latent, image, realism, nearest from generated_designs
     where request_key = $1 and position >= $2 order by position limit $3`,
    [requestKey, fromPosition, limit],
  );
  return rows.map((row) => ({
    position: row.position,
    latent: jsonOf(row.latent),
    image: jsonOf(row.image),
    realism: row.realism,
    nearest: jsonOf(row.nearest),
  }));
}
