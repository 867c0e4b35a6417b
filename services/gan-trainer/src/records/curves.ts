import type { Transaction } from '@deepstyle/storage';

/** Measures at one step; null where that step did not measure it. */
export interface MetricRow {
  readonly step: number;
  readonly discriminatorLoss: number | null;
  readonly generatorLoss: number | null;
  readonly kid: number | null;
  readonly stepsPerSecond: number | null;
}

export interface SampleRow {
  readonly step: number;
  readonly imageKey: string;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Adds to what an earlier write said about the step. The caller holds the fence in the same transaction. */
export async function writeMetric(
  tx: Transaction,
  runId: string,
  metric: MetricRow,
): Promise<void> {
  await tx.query(
    `insert into training_metrics as m
       (run_id, step, discriminator_loss, generator_loss, kid, steps_per_second)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (run_id, step) do update set
       discriminator_loss = coalesce(excluded.discriminator_loss, m.discriminator_loss),
       generator_loss = coalesce(excluded.generator_loss, m.generator_loss),
       kid = coalesce(excluded.kid, m.kid),
       steps_per_second = coalesce(excluded.steps_per_second, m.steps_per_second)`,
    [
      runId,
      metric.step,
      metric.discriminatorLoss,
      metric.generatorLoss,
      metric.kid,
      metric.stepsPerSecond,
    ],
  );
}

export async function writeSample(
  tx: Transaction,
  runId: string,
  sample: SampleRow,
): Promise<void> {
  await tx.query(
    `insert into training_samples (run_id, step, image_key, width_px, height_px) values ($1, $2, $3, $4, $5)
     on conflict (run_id, step) do update set image_key = excluded.image_key`,
    [runId, sample.step, sample.imageKey, sample.widthPx, sample.heightPx],
  );
}

/** Forgets what lies after a checkpoint: the training goes on from there. */
export async function truncateCurves(
  tx: Transaction,
  runId: string,
  afterStep: number,
): Promise<void> {
  await tx.query('delete from training_metrics where run_id = $1 and step > $2', [
    runId,
    afterStep,
  ]);
  await tx.query('delete from training_samples where run_id = $1 and step > $2', [
    runId,
    afterStep,
  ]);
}

/** At most `limit` points, evenly thinned; points with a KID stay. */
export async function listMetrics(
  tx: Transaction,
  runId: string,
  limit: number,
): Promise<MetricRow[]> {
  const rows = await tx.query<{
    step: number;
    discriminator_loss: number | null;
    generator_loss: number | null;
    kid: number | null;
    steps_per_second: number | null;
  }>(
    `with ranked as (
       select *, row_number() over (partition by kid is null order by step) as rank,
         count(*) over () as total, count(kid) over () as measured
       from training_metrics where run_id = $1)
     select step, discriminator_loss, generator_loss, kid, steps_per_second from ranked
     where kid is not null
        or rank % greatest(1, ceil((total - measured)::numeric / greatest(1, $2 - measured)))::bigint = 0
     order by step limit $2`,
    [runId, limit],
  );
  return rows.map((row) => ({
    step: row.step,
    discriminatorLoss: row.discriminator_loss,
    generatorLoss: row.generator_loss,
    kid: row.kid,
    stepsPerSecond: row.steps_per_second,
  }));
}

export async function listSamples(tx: Transaction, runId: string): Promise<SampleRow[]> {
  const rows = await tx.query<{
    step: number;
    image_key: string;
    width_px: number;
    height_px: number;
  }>(
    `select step, image_key, width_px, height_px from training_samples where run_id = $1 order by step`,
    [runId],
  );
  return rows.map((row) => ({
    step: row.step,
    imageKey: row.image_key,
    widthPx: row.width_px,
    heightPx: row.height_px,
  }));
}
