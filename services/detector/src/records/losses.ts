import { sql, type Transaction } from '@deepstyle/storage';
import type { LossName } from '../training/step.ts';
import { db } from './tables.ts';

/** Means since the row before. */
export interface LossRow extends Readonly<Record<LossName, number>> {
  /** Steps done. */
  readonly step: number;
  readonly stepsPerSecond: number;
}

/** The caller holds the fence in the same transaction. */
export async function writeLosses(
  tx: Transaction,
  trainingId: string,
  row: LossRow,
): Promise<void> {
  await db(tx)
    .insertInto('trainingLosses')
    .values({ trainingId, ...row })
    .onConflict((conflict) => conflict.columns(['trainingId', 'step']).doNothing())
    .execute();
}

/** Forgets what lies after a checkpoint: the training goes on from there. */
export async function truncateLosses(
  tx: Transaction,
  trainingId: string,
  afterStep: number,
): Promise<void> {
  await db(tx)
    .deleteFrom('trainingLosses')
    .where('trainingId', '=', trainingId)
    .where('step', '>', afterStep)
    .execute();
}

/** At most `limit` points, evenly thinned; the last one stays. */
export function listLosses(tx: Transaction, trainingId: string, limit: number): Promise<LossRow[]> {
  return db(tx)
    .with('ranked', (with_) =>
      with_
        .selectFrom('trainingLosses')
        .select(['step', 'objectness', 'rpnBox', 'classification', 'box', 'stepsPerSecond'])
        .select([
          sql<number>`row_number() over (order by step desc) - 1`.as('rank'),
          sql<number>`count(*) over ()`.as('total'),
        ])
        .where('trainingId', '=', trainingId),
    )
    .selectFrom('ranked')
    .select(['step', 'objectness', 'rpnBox', 'classification', 'box', 'stepsPerSecond'])
    .where(sql<boolean>`rank % greatest(1, ceil(total::numeric / ${limit}))::bigint = 0`)
    .orderBy('step')
    .execute();
}
