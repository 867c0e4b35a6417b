import { type Selectable, sql, type Transaction } from '@deepstyle/storage';
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
export function listMetrics(tx: Transaction, runId: string, limit: number): Promise<MetricRow[]> {
  return db(tx)
    .with('ranked', (with_) =>
      with_
        .selectFrom('trainingMetrics')
        .select(METRIC_COLUMNS)
        .select([
          sql<number>`row_number() over (partition by kid is null order by step)`.as('rank'),
          sql<number>`count(*) over ()`.as('total'),
          sql<number>`count(kid) over ()`.as('measured'),
        ])
        .where('runId', '=', runId),
    )
    .selectFrom('ranked')
    .select(METRIC_COLUMNS)
    .where((of) =>
      of.or([
        of('kid', 'is not', null),
        sql<boolean>`rank % greatest(1, ceil((total - measured)::numeric / greatest(1, ${limit} - measured)))::bigint = 0`,
      ]),
    )
    .orderBy('step')
    .limit(limit)
    .execute();
}

export function listSamples(tx: Transaction, runId: string): Promise<SampleRow[]> {
  return db(tx)
    .selectFrom('trainingSamples')
    .select(['step', 'imageKey', 'widthPx', 'heightPx'])
    .where('runId', '=', runId)
    .orderBy('step')
    .execute();
}
