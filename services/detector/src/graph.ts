import {
  type Calls,
  type GraphContext,
  type GraphResolvers,
  globalId,
  localId,
  mutate,
  stage,
} from '@deepstyle/service';
import type { Database } from '@deepstyle/storage';
import DataLoader from 'dataloader';
import { trainDetector } from './detector.ts';
import { activeModel, type ModelRecord, modelsById, type PinnedRun, runsById } from './records.ts';
import { detectionStage } from './stage.ts';

export interface DetectorLoaders {
  readonly run: DataLoader<string, PinnedRun | null>;
  readonly model: DataLoader<string, ModelRecord | null>;
}

type Context = GraphContext<DetectorLoaders>;
interface Entity {
  readonly id: string;
}
interface TrainDetectorInput {
  readonly idempotencyKey: string;
  readonly dataset: string;
}

export function createLoaders(database: Database): DetectorLoaders {
  return {
    run: new DataLoader(async (ids) => {
      const found = await database.transaction('detector.graph.runs', (tx) => runsById(tx, ids));
      const runs = new Map(found.map((run) => [run.id, run]));
      return ids.map((id) => runs.get(id) ?? null);
    }),
    model: new DataLoader(async (ids) => {
      const found = await database.transaction('detector.graph.models', (tx) =>
        modelsById(tx, ids),
      );
      const models = new Map(found.map((model) => [model.id, model]));
      return ids.map((id) => models.get(id) ?? null);
    }),
  };
}

export function createResolvers(
  database: Database,
  calls: Pick<Calls, 'getDataset'>,
  clock: () => Date,
): GraphResolvers {
  return {
    Query: {
      detectorModel: (_: unknown, { id }: Entity, context: Context) => model(id, context),
      activeDetectorModel: async () => {
        const active = await database.transaction('detector.graph.active', activeModel);
        return active === null ? null : modelNode(active);
      },
    },
    DetectorModel: {
      __resolveReference: ({ id }: Entity, context: Context) => model(id, context),
    },
    Run: {
      __resolveReference: ({ id }: Entity) => ({ id }),
      detection: async ({ id }: Entity, _: unknown, { loaders }: Context) =>
        stage(detectionStage(await loaders.run.load(localId('Run', id))), clock()),
    },
    Mutation: {
      trainDetector: (_: unknown, { input }: { input: TrainDetectorInput }, context: Context) =>
        mutate(context, async () => {
          const datasetId = localId('Dataset', input.dataset);
          return { model: modelNode(await trainDetector(calls, datasetId)) };
        }),
    },
  };
}

async function model(id: string, { loaders }: Context): Promise<ModelNode | null> {
  const found = await loaders.model.load(localId('DetectorModel', id));
  return found === null ? null : modelNode(found);
}

type ModelNode = ReturnType<typeof modelNode>;

function modelNode({ id, datasetId, createdAt, ...model }: ModelRecord) {
  return {
    ...model,
    id: globalId('DetectorModel', id),
    dataset: { id: globalId('Dataset', datasetId) },
    createdAt: createdAt.toISOString(),
  };
}
