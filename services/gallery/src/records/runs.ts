import type { RunReference } from '@deepstyle/contracts';
import { RUN_IS_CANCELED } from '@deepstyle/service';
import { anyOf, json, type Transaction } from '@deepstyle/storage';
import type { RunsTable } from '../gen/tables.ts';
import { db } from './tables.ts';

export type GanOutcome = NonNullable<RunsTable['ganOutcome']>;
export type PublishingState = RunsTable['state'];

export interface RunRecord {
  readonly id: string;
  /** When all of its garments were here first, from when on they count; null: they have not been. */
  readonly garmentsReadAt: Date | null;
  /** Number of garments, once all of them are stored here; null while they are read, also anew. */
  readonly garments: number | null;
  readonly reference: RunReference;
  /** When garments.ready came; null: it has not. */
  readonly readyAt: Date | null;
  /** Why too much of the run was lost to publish it unasked; null: it was not. */
  readonly incomplete: string | null;
  /** When a person let it be published all the same. */
  readonly releasedAt: Date | null;
  /** What gan.ready said; null: it has not come. */
  readonly ganOutcome: GanOutcome | null;
  readonly modelId: string | null;
  readonly ganReason: string | null;
  readonly state: PublishingState;
  /** Designs received from the trainer. */
  readonly received: number;
  /** Designs asked for; null: not asked for yet. */
  readonly requested: number | null;
  readonly detail: string | null;
  readonly updatedAt: Date;
  /** Whether nothing further is done for it. */
  readonly isCanceled: boolean;
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

/**
 * Begins the publishing of a run once more, as its photographs are tried again. What is published stays, and its number of
 * designs with it; what counts in the season counts, and what a person let be published remains let.
 */
export async function reopenRun(
  tx: Transaction,
  reference: RunReference,
  now: Date,
): Promise<void> {
  const unknown = {
    readyAt: null,
    garments: null,
    ganOutcome: null,
    modelId: null,
    ganReason: null,
  };
  const begun = { state: 'RUNNING', detail: null } as const;
  await db(tx)
    .updateTable('runs')
    .set({ reference: json(reference), ...unknown, ...begun, updatedAt: now })
    .where('id', '=', reference.id)
    .execute();
}

/** Notes that garments.ready came, the first time or the first time in a retry. */
export async function noteReady(
  tx: Transaction,
  runId: string,
  ready: { readonly readyAt: Date; readonly incomplete: string | null },
): Promise<void> {
  await db(tx)
    .updateTable('runs')
    .set(ready)
    .where('id', '=', runId)
    .where('readyAt', 'is', null)
    .execute();
}

/** Lets a held run be published as it is; false where no run with this id is held. */
export async function releaseRun(tx: Transaction, runId: string, now: Date): Promise<boolean> {
  const released = await db(tx)
    .updateTable('runs')
    .set({ state: 'RUNNING', detail: null, releasedAt: now, updatedAt: now })
    .where('id', '=', runId)
    .where('state', '=', 'HELD')
    .returning('id')
    .execute();
  return released.length === 1;
}

/**
 * Why the garments of a season are not all: of a run that was published as it was, and whose garments still count; null where
 * there is none.
 */
export async function incompletenessOfSeason(
  tx: Transaction,
  season: string,
): Promise<string | null> {
  const run = await db(tx)
    .selectFrom('runs')
    .select('incomplete')
    .where((of) => of(of.ref('reference', '->>').key('season'), '=', season))
    .where('incomplete', 'is not', null)
    .where('releasedAt', 'is not', null)
    .where((of) =>
      of.exists(
        of
          .selectFrom('seasonGarments')
          .select('seasonGarments.garmentId')
          .whereRef('seasonGarments.runId', '=', 'runs.id')
          .where('seasonGarments.isCounted', '=', true),
      ),
    )
    .orderBy('releasedAt', 'desc')
    .limit(1)
    .executeTakeFirst();
  return run?.incomplete ?? null;
}

export async function noteGan(
  tx: Transaction,
  runId: string,
  gan: Required<Pick<RunRecord, 'ganOutcome' | 'modelId' | 'ganReason'>>,
): Promise<void> {
  await db(tx).updateTable('runs').set(gan).where('id', '=', runId).execute();
}

/** Says how far the publishing of a run is; a run that has ended stays as it ended. */
export async function noteProgress(
  tx: Transaction,
  runId: string,
  progress: Partial<Pick<RunRecord, 'state' | 'received' | 'requested' | 'detail'>>,
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
    .select(['id', 'reference', 'readyAt', 'incomplete', 'releasedAt', 'garmentsReadAt'])
    .select(['garments', 'ganOutcome', 'modelId', 'ganReason', 'state', 'received', 'requested'])
    .select(['detail', 'updatedAt', RUN_IS_CANCELED.as('isCanceled')])
    .where('id', '=', anyOf(ids))
    .execute();
}
