import {
  type Connection,
  type EntityReference,
  globalId,
  localId,
  oneByKey,
  type PageArguments,
  parsePage,
  stage,
  toConnection,
} from '@deepstyle/service';
import type { SubgraphResolvers } from './gen/graph.ts';
import { type GanModelNode, modelNode, sampleNode } from './graph-nodes.ts';
import type { Ports } from './ports.ts';
import { listMetrics, listModelGarments, listSamples, modelsById, trainings } from './records.ts';
import { stageOf } from './stage.ts';

/** Points of a model's curves, as the schema promises. */
const MAX_METRICS = 500;

export function createLoaders({ database }: Ports) {
  return {
    model: oneByKey(database, 'gan-trainer.graph.models', modelsById, ({ id }) => id),
    training: oneByKey(
      database,
      'gan-trainer.graph.trainings',
      (tx, ids) => trainings.find(tx, ids),
      ({ id }) => id,
    ),
  };
}

type Loaders = ReturnType<typeof createLoaders>;

export function createResolvers({ database, clock }: Ports): SubgraphResolvers<Loaders> {
  return {
    Query: {
      ganModel: (_, { id }, { loaders }) => model(localId('GanModel', id), loaders),
    },
    Run: {
      training: async ({ id }, _, { loaders }) =>
        stage(stageOf(await loaders.training.load(localId('Run', id))), clock()),
      ganModel: async ({ id }, _, { loaders }) => {
        const modelId = (await loaders.training.load(localId('Run', id)))?.modelId ?? null;
        return modelId === null ? null : model(modelId, loaders);
      },
    },
    GanModel: {
      __resolveReference: ({ id }, { loaders }) => model(localId('GanModel', id), loaders),
      metrics: ({ runId }) =>
        database.transaction('gan-trainer.graph.metrics', (tx) =>
          listMetrics(tx, runId, MAX_METRICS),
        ),
      samples: async ({ runId }) => {
        const samples = await database.transaction('gan-trainer.graph.samples', (tx) =>
          listSamples(tx, runId),
        );
        return samples.map(sampleNode);
      },
      garments: ({ id }, page) => garments(localId('GanModel', id), page),
    },
  };

  async function garments(
    modelId: string,
    argument: PageArguments,
  ): Promise<Connection<EntityReference>> {
    const page = parsePage(argument);
    const ids = await database.transaction('gan-trainer.graph.garments', (tx) =>
      listModelGarments(tx, modelId, page.after?.[0] ?? '', page.limit),
    );
    return toConnection(
      page,
      ids,
      (id) => [id],
      (id) => ({ id: globalId('Garment', id) }),
    );
  }
}

async function model(id: string, loaders: Loaders): Promise<GanModelNode | null> {
  const found = await loaders.model.load(id);
  return found === null ? null : modelNode(found);
}
