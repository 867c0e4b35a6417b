import type { EventData } from '@deepstyle/contracts';
import { anyOf, createQueryBuilder, type Transaction } from '@deepstyle/storage';

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
export function unchanged(runId: string): RunChange {
  return { runId, revision: 0, isCanceled: false, retries: 0 };
}

/**
 * Notes a change of a run and holds its row until the transaction ends. Returns what stood before, or null where a later
 * change stands, as events come in any order.
 */
export async function noteRunChange(
  tx: Transaction,
  { run, revision, state }: EventData<'deepstyle.run.changed.v1'>,
): Promise<RunChange | null> {
  const runId = run.id;
  await db(tx)
    .insertInto('runChanges')
    .values(unchanged(runId))
    .onConflict((conflict) => conflict.column('runId').doNothing())
    .execute();
  const before = await db(tx)
    .selectFrom('runChanges')
    .selectAll()
    .where('runId', '=', runId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (before.revision >= revision) return null;
  await db(tx)
    .updateTable('runChanges')
    .set({ revision, isCanceled: state === 'canceled', retries: run.retries ?? 0 })
    .where('runId', '=', runId)
    .execute();
  return before;
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

/** Whether nothing further is to be done for a run. */
export async function isRunCanceled(tx: Transaction, runId: string): Promise<boolean> {
  return (await runChanges(tx, [runId])).get(runId)?.isCanceled === true;
}
