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
export async function listLosses(
  tx: Transaction,
  trainingId: string,
  limit: number,
): Promise<readonly LossRow[]> {
  const columns = sql`step, objectness, rpn_box, classification, box, steps_per_second`;
  const curve = sql`training_losses where training_id = ${trainingId}`;
  const first = await sql<LossRow>`
    select ${columns} from ${curve} order by step limit ${limit + 1}`.execute(db(tx));
  if (first.rows.length <= limit) return first.rows;
  // One row is looked up for each of evenly spaced steps: all of them are one a second of a training.
  const thinned = await sql<LossRow>`
    select distinct on (step) point.* from
      (select min(step)::int8 as first, max(step)::int8 as last from ${curve}) as ends,
      generate_series(0, ${limit}::int8 - 1) as place,
      lateral (
        select ${columns} from ${curve} and step <= last - (last - first) * place / ${limit}::int8
        order by step desc limit 1
      ) as point
    order by step`.execute(db(tx));
  return thinned.rows;
}
