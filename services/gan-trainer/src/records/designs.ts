import { anyOf, keepObjects, type Selectable, sql, type Transaction } from '@deepstyle/storage';
import type { GenerateRequestsTable } from '../gen/tables.ts';
import { db, type GanTrainerTables, insertRows } from './tables.ts';

/** A request for designs. Its seed is a whole number as text: an int64 does not fit a double. */
export type GenerateRequest = Readonly<Omit<Selectable<GenerateRequestsTable>, 'createdAt'>>;

export type GeneratedDesign = Readonly<
  Omit<Selectable<GanTrainerTables['generatedDesigns']>, 'requestKey'>
>;

/** False where the key is taken. */
export async function insertRequest(
  tx: Transaction,
  request: Pick<GenerateRequest, 'requestKey' | 'modelId' | 'count' | 'seed'>,
  now: Date,
): Promise<boolean> {
  const inserted = await db(tx)
    .insertInto('generateRequests')
    .values({ ...request, state: 'queued', createdAt: now })
    .onConflict((conflict) => conflict.column('requestKey').doNothing())
    .returning('requestKey')
    .execute();
  return inserted.length === 1;
}

export async function findRequest(
  tx: Transaction,
  requestKey: string,
): Promise<GenerateRequest | null> {
  const found = await db(tx)
    .selectFrom('generateRequests')
    .select(['requestKey', 'modelId', 'count', 'seed', 'state', 'reason'])
    .where('requestKey', '=', requestKey)
    .executeTakeFirst();
  return found ?? null;
}

/** Requests that are not rendered and were made before. */
export async function requestsUnderWay(tx: Transaction, since: Date): Promise<readonly string[]> {
  const rows = await db(tx)
    .selectFrom('generateRequests')
    .select('requestKey')
    .where('state', '=', 'queued')
    .where('createdAt', '<=', since)
    .execute();
  return rows.map(({ requestKey }) => requestKey);
}

/** Opens a failed request again, so that asking once more tries once more. False where it has not failed. */
export async function reopenRequest(tx: Transaction, requestKey: string): Promise<boolean> {
  const reopened = await db(tx)
    .updateTable('generateRequests')
    .set({ state: 'queued', reason: null })
    .where('requestKey', '=', requestKey)
    .where('state', '=', 'failed')
    .returning('requestKey')
    .execute();
  return reopened.length === 1;
}

export async function closeRequest(
  tx: Transaction,
  requestKey: string,
  state: 'done' | 'failed',
  reason: string | null,
): Promise<void> {
  await db(tx)
    .updateTable('generateRequests')
    .set({ state, reason })
    .where('requestKey', '=', requestKey)
    .where('state', '=', 'queued')
    .execute();
}

const DESIGN_COLUMNS = ['position', 'latent', 'image', 'realism', 'nearest'] as const;

/** The same design rendered twice is stored once. */
export async function insertDesigns(
  tx: Transaction,
  requestKey: string,
  designs: readonly GeneratedDesign[],
): Promise<void> {
  await keepObjects(
    tx,
    designs.map(({ image }) => image.key),
  );
  const rows = designs.map((design) => ({ requestKey, ...design }));
  await insertRows(tx, 'generatedDesigns', ['requestKey', ...DESIGN_COLUMNS], rows)
    .onConflict((conflict) => conflict.columns(['requestKey', 'position']).doNothing())
    .execute();
}

/** Those of the keys that designs are stored under. A gallery names none that was not generated here. */
export async function designObjects(
  tx: Transaction,
  keys: readonly string[],
): Promise<readonly string[]> {
  const rows = await db(tx)
    .selectFrom('generatedDesigns')
    .select((of) => of.ref('image', '->>').key('key').$castTo<string>().as('imageKey'))
    .where((of) => of(of.ref('image', '->>').key('key'), '=', anyOf(keys)))
    .execute();
  return rows.map(({ imageKey }) => imageKey);
}

export async function countDesigns(tx: Transaction, requestKey: string): Promise<number> {
  const { designs } = await db(tx)
    .selectFrom('generatedDesigns')
    .select(sql<number>`count(*)::integer`.as('designs'))
    .where('requestKey', '=', requestKey)
    .executeTakeFirstOrThrow();
  return designs;
}

/** Designs from a position on, in order. */
export function listDesigns(
  tx: Transaction,
  requestKey: string,
  fromPosition: number,
  limit: number,
): Promise<GeneratedDesign[]> {
  return db(tx)
    .selectFrom('generatedDesigns')
    .select(DESIGN_COLUMNS)
    .where('requestKey', '=', requestKey)
    .where('position', '>=', fromPosition)
    .orderBy('position')
    .limit(limit)
    .execute();
}
