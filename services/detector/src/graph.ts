import {
  type GraphContext,
  type GraphResolvers,
  globalId,
  localId,
  mutate,
  requireToken,
  stage,
} from '@deepstyle/service';
import DataLoader from 'dataloader';
import { requestTraining } from './detector.ts';
import { detectionNodes, type ModelNode, modelNode, trainingNode } from './graph-nodes.ts';
import type { Ports } from './ports.ts';
import {
  activeModel,
  detectionsByModel,
  type EvaluationRecord,
  listLosses,
  type ModelRecord,
  modelsById,
  newestDetections,
  type PhotoDetections,
  type RunRecord,
  runsById,
  type Training,
  trainingsById,
} from './records.ts';
import { detectionStage } from './stage.ts';

/** Points of a model's curve, as the schema promises. */
const MOST_LOSSES = 500;
const URL_SECONDS = 3600;

export function createLoaders({ database }: Ports) {
  return {
    runs: new DataLoader<string, RunRecord | null>((ids) =>
      database.transaction('detector.graph.runs', async (tx) => {
        const found = new Map((await runsById(tx, ids)).map((run) => [run.id, run]));
        return ids.map((id) => found.get(id) ?? null);
      }),
    ),
    models: new DataLoader<string, ModelRecord | null>((ids) =>
      database.transaction('detector.graph.models', async (tx) => {
        const found = new Map((await modelsById(tx, ids)).map((model) => [model.id, model]));
        return ids.map((id) => found.get(id) ?? null);
      }),
    ),
    trainings: new DataLoader<string, Training | null>((ids) =>
      database.transaction('detector.graph.trainings', async (tx) => {
        const found = new Map((await trainingsById(tx, ids)).map((one) => [one.id, one]));
        return ids.map((id) => found.get(id) ?? null);
      }),
    ),
    newestDetections: new DataLoader<string, PhotoDetections | null>((ids) =>
      database.transaction('detector.graph.detections', async (tx) => {
        const found = new Map((await newestDetections(tx, ids)).map((one) => [one.photoId, one]));
        return ids.map((id) => found.get(id) ?? null);
      }),
    ),
  };
}

type Context = GraphContext<ReturnType<typeof createLoaders>>;
type ById = { readonly id: string };

interface TrainDetectorInput {
  readonly idempotencyKey: string;
  readonly dataset: string;
  readonly labels?: 'CATEGORIES' | 'TYPES' | null;
  readonly steps?: number | null;
  readonly maxSeconds?: number | null;
  readonly seed?: number | null;
}

export function resolvers(ports: Ports): GraphResolvers {
  const { database, objects, clock } = ports;
  return {
    Query: {
      detectorModel: (_: unknown, { id }: ById, context: Context) => model(id, context),
      activeDetectorModel: async () => {
        const active = await database.transaction('detector.graph.active', activeModel);
        return active === null ? null : modelNode(active);
      },
      detectorTraining: (_: unknown, { id }: ById, context: Context) => training(id, context),
    },
    Run: {
      __resolveReference: ({ id }: ById) => ({ id }),
      detection: async ({ id }: ById, _: unknown, { loaders }: Context) =>
        stage(detectionStage(await loaders.runs.load(localId('Run', id))), clock()),
    },
    Photo: {
      __resolveReference: ({ id }: ById) => ({ id }),
      detections: async (
        { id }: ById,
        { model: wanted }: { readonly model?: string | null },
        context: Context,
      ) => {
        const found = await detectionsOf(localId('Photo', id), wanted ?? null, context);
        return found === null ? null : detectionNodes(found);
      },
    },
    Detection: {
      model: async ({ modelId }: { readonly modelId: string }, _: unknown, context: Context) =>
        model(globalId('DetectorModel', modelId), context),
    },
    DetectorModel: {
      __resolveReference: ({ id }: ById, context: Context) => model(id, context),
      losses: ({ id }: ById) =>
        database.transaction('detector.graph.losses', (tx) =>
          listLosses(tx, localId('DetectorModel', id), MOST_LOSSES),
        ),
      onnxUrl: ({ onnxKey }: ModelNode, _: unknown, context: Context) => signed(onnxKey, context),
      weightsUrl: ({ weightsKey }: ModelNode, _: unknown, context: Context) =>
        signed(weightsKey, context),
    },
    DetectorEvaluation: {
      detectionsUrl: ({ detectionsKey }: EvaluationRecord) =>
        objects.signedUrl(detectionsKey, URL_SECONDS),
    },
    DetectorTraining: {
      __resolveReference: ({ id }: ById, context: Context) => training(id, context),
      // Both have the same id in their tables.
      model: ({ id }: ById, _: unknown, context: Context) =>
        model(globalId('DetectorModel', localId('DetectorTraining', id)), context),
    },
    Node: { __resolveType: ({ __typename }: { readonly __typename: string }) => __typename },
    Mutation: {
      trainDetector: (_: unknown, { input }: { input: TrainDetectorInput }, context: Context) =>
        mutate(context, async () => ({
          training: trainingNode(await requestTraining(requestOf(input), ports), clock()),
        })),
    },
  };

  async function training(id: string, { loaders }: Context) {
    const found = await loaders.trainings.load(localId('DetectorTraining', id));
    return found === null ? null : trainingNode(found, clock());
  }

  function signed(key: string | null, context: Context): Promise<string> | null {
    requireToken(context);
    return key === null ? null : objects.signedUrl(key, URL_SECONDS);
  }

  async function detectionsOf(
    photoId: string,
    wanted: string | null,
    { loaders }: Context,
  ): Promise<PhotoDetections | null> {
    if (wanted === null) return loaders.newestDetections.load(photoId);
    const [found] = await database.transaction('detector.graph.detectionsOf', (tx) =>
      detectionsByModel(tx, localId('DetectorModel', wanted), [photoId]),
    );
    return found ?? null;
  }
}

function requestOf(input: TrainDetectorInput) {
  return {
    idempotencyKey: input.idempotencyKey,
    datasetId: localId('Dataset', input.dataset),
    labels: input.labels === 'TYPES' ? ('types' as const) : ('categories' as const),
    steps: input.steps ?? null,
    maxSeconds: input.maxSeconds ?? null,
    seed: input.seed ?? 1,
  };
}

async function model(id: string, { loaders }: Context): Promise<ModelNode | null> {
  const found = await loaders.models.load(localId('DetectorModel', id));
  return found === null ? null : modelNode(found);
}
