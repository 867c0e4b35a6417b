import type { Transaction } from '@deepstyle/storage';
import type { LossName } from '../training/step.ts';

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
  await tx.query(
    `INSERT INTO training_losses
       (training_id, step, objectness, rpn_box, classification, box, steps_per_second)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (training_id, step) DO NOTHING`,
    [
      trainingId,
      row.step,
      row.objectness,
      row.rpnBox,
      row.classification,
      row.box,
      row.stepsPerSecond,
    ],
  );
}

/** Forgets what lies after a checkpoint: the training goes on from there. */
export async function truncateLosses(
  tx: Transaction,
  trainingId: string,
  afterStep: number,
): Promise<void> {
  await tx.query('DELETE FROM training_losses WHERE training_id = $1 AND step > $2', [
    trainingId,
    afterStep,
  ]);
}

/** At most `limit` points, evenly thinned; the last one stays. */
export async function listLosses(
  tx: Transaction,
  trainingId: string,
  limit: number,
): Promise<LossRow[]> {
  const rows = await tx.query<{
    step: number;
    objectness: number;
    rpn_box: number;
    classification: number;
    box: number;
    steps_per_second: number;
  }>(
    `WITH ranked AS (
       SELECT *, row_number() OVER (ORDER BY step DESC) - 1 AS rank, count(*) OVER () AS total
       FROM training_losses WHERE training_id = $1)
     SELECT step, objectness, rpn_box, classification, box, steps_per_second FROM ranked
     WHERE rank % greatest(1, ceil(total::numeric / $2))::bigint = 0 ORDER BY step`,
    [trainingId, limit],
  );
  return rows.map((row) => ({
    step: row.step,
    objectness: row.objectness,
    rpnBox: row.rpn_box,
    classification: row.classification,
    box: row.box,
    stepsPerSecond: row.steps_per_second,
  }));
}
