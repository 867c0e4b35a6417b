import type { EventData, RunReference } from '@deepstyle/contracts';
import { anyOf, createQueryBuilder, sql, type Transaction } from '@deepstyle/storage';

/** What a person has asked for a run, as a service knows it. */
export interface RunChange {
  readonly runId: string;
  /** Number of the change that stands; 0: none has come. */
  readonly revision: number;
  readonly isCanceled: boolean;
  /** How often what failed was asked for again. */
  readonly retries: number;
}

/** The table `run_changes`, which a migration of each service that takes `run.changed` makes. */
interface RunChangesTables {
  readonly runChanges: RunChange;
}

const { db } = createQueryBuilder<RunChangesTables>();

/** What stands until a change comes. */
function unchanged(runId: string): RunChange {
  return { runId, revision: 0, isCanceled: false, retries: 0 };
}

/** How often what failed in a run was asked for again, as an event of it says. */
export function retriesOf({ retries = 0 }: Pick<RunReference, 'retries'>): number {
  return retries;
}

/** What events say of each of the runs that they name: the newest, by id. */
export function newestReferences(
  references: readonly RunReference[],
): ReadonlyMap<string, RunReference> {
  const newest = new Map<string, RunReference>();
  for (const reference of references) {
    const other = newest.get(reference.id);
    if (other === undefined || retriesOf(other) < retriesOf(reference))
      newest.set(reference.id, reference);
  }
  return newest;
}

/** Those references that tell of a later retry than is known, or of a run of which none was kept. */
export function referencesAhead(
  references: ReadonlyMap<string, RunReference>,
  known: Iterable<{ readonly id: string; readonly reference: RunReference | null }>,
): readonly RunReference[] {
  return [...known].flatMap(({ id, reference }) => {
    const told = references.get(id);
    const isAhead = reference === null || retriesOf(reference) < retriesOf(told ?? reference);
    return told !== undefined && isAhead ? [told] : [];
  });
}

/** The id of an event that is said once, and once more with each retry of its run. */
export function idInRetry(id: string, run: Pick<RunReference, 'retries'>): string {
  const retries = retriesOf(run);
  return retries === 0 ? id : `${id}:${retries}`;
}

/** What stands for a run; nothing else of it is noted until the transaction ends. */
export async function holdRunChange(tx: Transaction, runId: string): Promise<RunChange> {
  await db(tx)
    .insertInto('runChanges')
    .values(unchanged(runId))
    .onConflict((conflict) => conflict.column('runId').doNothing())
    .execute();
  return db(tx)
    .selectFrom('runChanges')
    .selectAll()
    .where('runId', '=', runId)
    .forUpdate()
    .executeTakeFirstOrThrow();
}

/**
 * Notes a change of a run, and holds it. Returns what stood before, or null where a later change stands, as events come in any
 * order.
 */
export async function noteRunChange(
  tx: Transaction,
  { run, revision, state }: EventData<'deepstyle.run.changed.v1'>,
): Promise<RunChange | null> {
  const before = await holdRunChange(tx, run.id);
  if (before.revision >= revision) return null;
  // An event of a later retry may have come before the changes that led to it.
  const retries = Math.max(before.retries, retriesOf(run));
  await set(tx, run.id, { revision, isCanceled: state === 'canceled', retries });
  return before;
}

/**
 * Notes the retry that an event belongs to, as the change itself may still be on its way, and holds what stands. Returns what
 * stood before, or null where the event is from before a later retry.
 */
export async function noteRetries(tx: Transaction, run: RunReference): Promise<RunChange | null> {
  const before = await holdRunChange(tx, run.id);
  const retries = retriesOf(run);
  if (before.retries > retries) return null;
  if (before.retries < retries) await set(tx, run.id, { retries });
  return before;
}

async function set(
  tx: Transaction,
  runId: string,
  values: Partial<Omit<RunChange, 'runId'>>,
): Promise<void> {
  await db(tx).updateTable('runChanges').set(values).where('runId', '=', runId).execute();
}

/** What stands for each of the runs; `unchanged` for those that no change has come for. */
export async function runChanges(
  tx: Transaction,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, RunChange>> {
  const rows = await db(tx)
    .selectFrom('runChanges')
    .selectAll()
    .where('runId', '=', anyOf(runIds))
    .execute();
  const known = new Map(rows.map((row) => [row.runId, row]));
  return new Map(runIds.map((runId) => [runId, known.get(runId) ?? unchanged(runId)]));
}

/** Whether the run is canceled of which a row of a table `runs` tells, inside a statement. */
export const RUN_IS_CANCELED = sql<boolean>`exists (
  select from run_changes where run_changes.run_id = runs.id and is_canceled)`;

/** Whether nothing further is to be done for a run. */
export async function isRunCanceled(tx: Transaction, runId: string): Promise<boolean> {
  return (await runChanges(tx, [runId])).get(runId)?.isCanceled === true;
}
