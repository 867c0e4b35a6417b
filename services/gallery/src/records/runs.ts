import type { RunReference } from '@deepstyle/contracts';
import { anyOf, json, type Transaction } from '@deepstyle/storage';
import type { RunsTable } from '../gen/tables.ts';
import { db } from './tables.ts';

export type GanOutcome = NonNullable<RunsTable['ganOutcome']>;
export type PublishingState = RunsTable['state'];

export interface RunRecord {
  readonly id: string;
  /** Number of garments, once all of them are stored here. */
  readonly garments: number | null;
  /** What gan.ready said; null: it has not come. */
  readonly ganOutcome: GanOutcome | null;
  readonly state: PublishingState;
  /** Designs received from the trainer. */
  readonly received: number;
  /** Designs asked for; null: not asked for yet. */
  readonly requested: number | null;
  readonly detail: string | null;
  readonly updatedAt: Date;
}

/** Inserts the run where it is new. */
export async function noteRun(tx: Transaction, reference: RunReference, now: Date): Promise<void> {
  await db(tx)
    .insertInto('runs')
    .values({
      id: reference.id,
      reference: json(reference),
      state: 'RUNNING',
      createdAt: now,
      updatedAt: now,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

export async function noteGan(
  tx: Transaction,
  runId: string,
  gan: { readonly ganOutcome: GanOutcome; readonly modelId: string | null },
): Promise<void> {
  await db(tx).updateTable('runs').set(gan).where('id', '=', runId).execute();
}

/** Says how far the publishing of a run is; a run that has ended stays as it ended. */
export async function noteProgress(
  tx: Transaction,
  runId: string,
  progress: Partial<Pick<RunRecord, 'state' | 'received' | 'requested'>> & {
    readonly detail: string;
  },
  now: Date,
): Promise<void> {
  await db(tx)
    .updateTable('runs')
    .set({ ...progress, updatedAt: now })
    .where('id', '=', runId)
    .where('state', '=', 'RUNNING')
    .execute();
}

export function runsById(tx: Transaction, ids: readonly string[]): Promise<readonly RunRecord[]> {
  return db(tx)
    .selectFrom('runs')
    .select(['id', 'garments', 'ganOutcome', 'state', 'received', 'requested', 'detail'])
    .select('updatedAt')
    .where('id', '=', anyOf(ids))
    .execute();
}
