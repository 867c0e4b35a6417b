import {
  type GraphContext,
  type GraphResolvers,
  globalId,
  imageField,
  localId,
  type PageArguments,
  parsePage,
  stage,
  toConnection,
} from '@deepstyle/service';
import DataLoader from 'dataloader';
import type { Ports } from './ports.ts';
import {
  countModelGarments,
  findModels,
  type GanModel,
  listMetrics,
  listModelGarments,
  listSamples,
  type Training,
  trainings,
} from './records.ts';

/** Points of a model's curves, as the schema promises. */
const MOST_METRICS = 500;

export function createLoaders({ database }: Ports) {
  return {
    models: new DataLoader<string, GanModel | null>((ids) =>
      database.transaction('gan-trainer.graph.models', async (tx) => {
        const found = new Map((await findModels(tx, ids)).map((model) => [model.id, model]));
        return ids.map((id) => found.get(id) ?? null);
      }),
    ),
    trainings: new DataLoader<string, Training | null>((ids) =>
      database.transaction('gan-trainer.graph.trainings', async (tx) => {
        const found = new Map((await trainings.find(tx, ids)).map((row) => [row.id, row]));
        return ids.map((id) => found.get(id) ?? null);
      }),
    ),
    garmentCounts: new DataLoader<string, number>((ids) =>
      database.transaction('gan-trainer.graph.garmentCounts', async (tx) => {
        const counts = await countModelGarments(tx, ids);
        return ids.map((id) => counts.get(id) ?? 0);
      }),
    ),
  };
}

type Context = GraphContext<ReturnType<typeof createLoaders>>;
type ById = { readonly id: string };

export function resolvers(ports: Ports): GraphResolvers {
  const { database, clock } = ports;
  const modelOf = (id: string, { loaders }: Context) =>
    loaders.models.load(localId('GanModel', id));
  return {
    Query: {
      ganModel: (_: unknown, { id }: ById, context: Context) => modelOf(id, context),
    },
    Run: {
      __resolveReference: ({ id }: ById) => ({ id }),
      training: async ({ id }: ById, _: unknown, { loaders }: Context) =>
        trainingStage(await loaders.trainings.load(localId('Run', id)), clock()),
      ganModel: async ({ id }: ById, _: unknown, { loaders }: Context) => {
        const training = await loaders.trainings.load(localId('Run', id));
        return training?.modelId == null ? null : loaders.models.load(training.modelId);
      },
    },
    GanModel: {
      __resolveReference: ({ id }: ById, context: Context) => modelOf(id, context),
      id: (model: GanModel) => globalId('GanModel', model.id),
      createdAt: (model: GanModel) => model.createdAt.toISOString(),
      garmentCount: (model: GanModel, _: unknown, { loaders }: Context) =>
        loaders.garmentCounts.load(model.id),
      metrics: (model: GanModel) =>
        database.transaction('gan-trainer.graph.metrics', (tx) =>
          listMetrics(tx, model.runId, MOST_METRICS),
        ),
      samples: async (model: GanModel) => {
        const samples = await database.transaction('gan-trainer.graph.samples', (tx) =>
          listSamples(tx, model.runId),
        );
        return samples.map(({ step, imageKey, widthPx, heightPx }) => ({
          step,
          image: imageField({ key: imageKey }, widthPx, heightPx),
        }));
      },
      garments: async (model: GanModel, args: PageArguments) => {
        const page = parsePage(args);
        const ids = await database.transaction('gan-trainer.graph.garments', (tx) =>
          listModelGarments(tx, model.id, page.after?.[0] ?? null, page.limit),
        );
        return toConnection(
          page,
          ids,
          (id) => [id],
          (id) => ({ __typename: 'Garment', id: globalId('Garment', id) }),
        );
      },
    },
    Node: { __resolveType: () => 'GanModel' },
  };
}

const STAGE_STATES = {
  queued: 'WAITING',
  running: 'RUNNING',
  done: 'DONE',
  skipped: 'SKIPPED',
  failed: 'FAILED',
} as const;

function trainingStage(training: Training | null, now: Date) {
  if (training === null) {
    const unknown = { done: 0, failed: 0, expected: null, detail: null, updatedAt: null } as const;
    return stage({ state: 'WAITING', ...unknown }, now);
  }
  const { step, steps, detail, updatedAt } = training;
  const state = STAGE_STATES[training.state];
  return stage({ state, done: step, failed: 0, expected: steps, detail, updatedAt }, now);
}
