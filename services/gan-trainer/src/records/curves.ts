import { anyOf, keepObjects, type Selectable, sql, type Transaction } from '@deepstyle/storage';
import type { TrainingMetricsTable, TrainingSamplesTable } from '../gen/tables.ts';
import { db } from './tables.ts';

/** Measures at one step; null where that step did not measure it. */
export type MetricRow = Readonly<Omit<Selectable<TrainingMetricsTable>, 'runId'>>;

export type SampleRow = Readonly<Omit<Selectable<TrainingSamplesTable>, 'runId'>>;

const METRIC_COLUMNS = [
  'step',
  'discriminatorLoss',
  'generatorLoss',
  'kid',
  'stepsPerSecond',
] as const;

/** Adds to what an earlier write said about the step. The caller holds the fence in the same transaction. */
export async function writeMetric(
  tx: Transaction,
  runId: string,
  metric: MetricRow,
): Promise<void> {
  await db(tx)
    .insertInto('trainingMetrics')
    .values({ runId, ...metric })
    .onConflict((conflict) =>
      conflict.columns(['runId', 'step']).doUpdateSet(({ fn }) => ({
        discriminatorLoss: fn.coalesce(
          'excluded.discriminatorLoss',
          'trainingMetrics.discriminatorLoss',
        ),
        generatorLoss: fn.coalesce('excluded.generatorLoss', 'trainingMetrics.generatorLoss'),
        kid: fn.coalesce('excluded.kid', 'trainingMetrics.kid'),
        stepsPerSecond: fn.coalesce('excluded.stepsPerSecond', 'trainingMetrics.stepsPerSecond'),
      })),
    )
    .execute();
}

export async function writeSample(
  tx: Transaction,
  runId: string,
  sample: SampleRow,
): Promise<void> {
  await keepObjects(tx, [sample.imageKey]);
  await db(tx)
    .insertInto('trainingSamples')
    .values({ runId, ...sample })
    .onConflict((conflict) =>
      conflict
        .columns(['runId', 'step'])
        .doUpdateSet((of) => ({ imageKey: of.ref('excluded.imageKey') })),
    )
    .execute();
}

/** Those of the keys that samples are stored under. */
export async function gridObjects(
  tx: Transaction,
  keys: readonly string[],
): Promise<readonly string[]> {
  const rows = await db(tx)
    .selectFrom('trainingSamples')
    .select('imageKey')
    .where('imageKey', '=', anyOf(keys))
    .execute();
  return rows.map(({ imageKey }) => imageKey);
}

/** Forgets what lies after a checkpoint: the training goes on from there. */
export async function truncateCurves(
  tx: Transaction,
  runId: string,
  afterStep: number,
): Promise<void> {
  for (const table of ['trainingMetrics', 'trainingSamples'] as const) {
    await db(tx)
      .deleteFrom(table)
      .where('runId', '=', runId)
      .where('step', '>', afterStep)
      .execute();
  }
}

/** At most `limit` points, evenly thinned; points with a KID stay. */
export async function listMetrics(
  tx: Transaction,
  runId: string,
  limit: number,
): Promise<readonly MetricRow[]> {
  const first = await selectMetrics(tx, runId)
    .limit(limit + 1)
    .execute();
  if (first.length <= limit) return first;
  const measured = await selectMetrics(tx, runId)
    .where('kid', 'is not', null)
    .limit(limit)
    .execute();
  const places = limit - measured.length;
  // One row is looked up for each of evenly spaced steps: all of them are one a second of a training.
  const curve = sql`training_metrics where run_id = ${runId}`;
  const thinned = await sql<MetricRow>`
    select distinct on (step) point.* from
      (select min(step)::int8 as first, max(step)::int8 as last from ${curve}) as ends,
      generate_series(0, ${places}::int8 - 1) as place,
      lateral (
        select step, discriminator_loss, generator_loss, kid, steps_per_second from ${curve}
          and kid is null and step <= last - (last - first) * place / ${places}::int8
        order by step desc limit 1
      ) as point`.execute(db(tx));
  return [...measured, ...thinned.rows].sort((a, b) => a.step - b.step);
}

function selectMetrics(tx: Transaction, runId: string) {
  return db(tx)
    .selectFrom('trainingMetrics')
    .select(METRIC_COLUMNS)
    .where('runId', '=', runId)
    .orderBy('step');
}

export function listSamples(tx: Transaction, runId: string): Promise<SampleRow[]> {
  return db(tx)
    .selectFrom('trainingSamples')
    .select(['step', 'imageKey', 'widthPx', 'heightPx'])
    .where('runId', '=', runId)
    .orderBy('step')
    .execute();
}
