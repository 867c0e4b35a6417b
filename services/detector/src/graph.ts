import {
  type GraphContext,
  type GraphResolvers,
  globalId,
  localId,
  mutate,
  requireToken,
  stage,
} from '@deepstyle/service';
import { requestTraining } from './detector.ts';
import type { DetectorLoaders } from './graph-loaders.ts';
import { type DetectorModelNode, detectionNodes, modelNode, trainingNode } from './graph-nodes.ts';
import type { Ports } from './ports.ts';
import {
  activeModel,
  detectionsByModel,
  type EvaluationRecord,
  listLosses,
  type PhotoDetections,
} from './records.ts';
import { detectionStage } from './stage.ts';

/** Points of a model's curve, as the schema promises. */
const MOST_LOSSES = 500;
const URL_SECONDS = 3600;

type Context = GraphContext<DetectorLoaders>;
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
    ...photoResolvers(ports),
    DetectorModel: {
      __resolveReference: ({ id }: ById, context: Context) => model(id, context),
      losses: ({ id }: ById) =>
        database.transaction('detector.graph.losses', (tx) =>
          listLosses(tx, localId('DetectorModel', id), MOST_LOSSES),
        ),
      onnxUrl: ({ onnxKey }: DetectorModelNode, _: unknown, context: Context) =>
        signed(onnxKey, context),
      weightsUrl: ({ weightsKey }: DetectorModelNode, _: unknown, context: Context) =>
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
}

/** What was found in a photograph. */
function photoResolvers({ database }: Ports): GraphResolvers {
  return {
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
  };

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

async function model(id: string, { loaders }: Context): Promise<DetectorModelNode | null> {
  const found = await loaders.models.load(localId('DetectorModel', id));
  return found === null ? null : modelNode(found);
}
