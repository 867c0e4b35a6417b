import {
  type GraphContext,
  globalId,
  localId,
  mutate,
  oneByKey,
  requireToken,
  stage,
} from '@deepstyle/service';
import type { Detector } from './detector.ts';
import { UnknownModelError } from './errors.ts';
import type { SubgraphResolvers, TrainDetectorInput } from './gen/graph.ts';
import {
  type DetectorModelNode,
  type DetectorTrainingNode,
  detectionNodes,
  modelNode,
  trainingNode,
} from './graph-nodes.ts';
import type { Ports } from './ports.ts';
import {
  activeModel,
  detectionsByModel,
  listLosses,
  modelsById,
  newestDetections,
  type PhotoDetections,
  runsById,
  trainings,
} from './records.ts';
import { stageOf } from './stage.ts';
import type { TrainingRequest } from './training/request-training.ts';

/** Points of a model's curve, as the schema promises. */
const MAX_LOSSES = 500;
const URL_SECONDS = 3600;

export function createLoaders({ database }: Ports) {
  return {
    runs: oneByKey(database, 'detector.graph.runs', runsById, ({ id }) => id),
    models: oneByKey(database, 'detector.graph.models', modelsById, ({ id }) => id),
    trainings: oneByKey(
      database,
      'detector.graph.trainings',
      (tx, ids) => trainings.find(tx, ids),
      ({ id }) => id,
    ),
    newestDetections: oneByKey(
      database,
      'detector.graph.detections',
      newestDetections,
      ({ photoId }) => photoId,
    ),
  };
}

type Loaders = ReturnType<typeof createLoaders>;
type Context = GraphContext<Loaders>;
type Resolvers = SubgraphResolvers<Loaders>;

export function createResolvers(ports: Ports, detector: Detector): SubgraphResolvers<Loaders> {
  const { database, objects, clock } = ports;
  return {
    Query: {
      detectorModel: (_, { id }, context) => model(id, context),
      activeDetectorModel: async () => {
        const active = await database.transaction('detector.graph.active', activeModel);
        return active === null ? null : modelNode(active);
      },
      detectorTraining: (_, { id }, context) => training(id, context, clock()),
    },
    Run: {
      detection: async ({ id }, _, { loaders }) =>
        stage(stageOf(await loaders.runs.load(localId('Run', id))), clock()),
    },
    ...photoResolvers(ports),
    DetectorModel: {
      __resolveReference: ({ id }, context) => model(id, context),
      losses: ({ id }) =>
        database.transaction('detector.graph.losses', (tx) =>
          listLosses(tx, localId('DetectorModel', id), MAX_LOSSES),
        ),
      onnxUrl: ({ onnxKey }, _, context) => signed(onnxKey, context),
      weightsUrl: ({ weightsKey }, _, context) => signed(weightsKey, context),
    },
    DetectorEvaluation: {
      detectionsUrl: ({ detectionsKey }) => objects.signedUrl(detectionsKey, URL_SECONDS),
    },
    DetectorTraining: {
      __resolveReference: ({ id }, context) => training(id, context, clock()),
      // Both have the same id in their tables.
      model: ({ id }, _, context) =>
        model(globalId('DetectorModel', localId('DetectorTraining', id)), context),
    },
    Mutation: {
      trainDetector: (_, { input }, context) =>
        mutate(context, async () => ({
          training: trainingNode(await detector.requestTraining(requestOf(input)), clock()),
        })),
    },
  };

  async function signed(key: string | null, context: Context): Promise<string | null> {
    requireToken(context);
    return key === null ? null : objects.signedUrl(key, URL_SECONDS);
  }
}

/** What was found in a photograph. */
function photoResolvers({ database }: Ports): Pick<Resolvers, 'Photo' | 'Detection'> {
  return {
    Photo: {
      detections: async ({ id }, { model: wanted }, context) => {
        const found = await detectionsOf(localId('Photo', id), wanted ?? null, context);
        return found === null ? null : detectionNodes(found);
      },
    },
    Detection: {
      model: async ({ modelId }, _, { loaders }) => {
        const found = await loaders.models.load(modelId);
        if (found === null) throw new UnknownModelError(modelId);
        return modelNode(found);
      },
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

function requestOf(input: TrainDetectorInput): TrainingRequest {
  return {
    idempotencyKey: input.idempotencyKey,
    datasetId: localId('Dataset', input.dataset),
    labels: input.labels === 'TYPES' ? 'types' : 'categories',
    steps: input.steps ?? null,
    maxSeconds: input.maxSeconds ?? null,
    seed: input.seed ?? 1,
  };
}

async function model(id: string, { loaders }: Context): Promise<DetectorModelNode | null> {
  const found = await loaders.models.load(localId('DetectorModel', id));
  return found === null ? null : modelNode(found);
}

async function training(
  id: string,
  { loaders }: Context,
  now: Date,
): Promise<DetectorTrainingNode | null> {
  const found = await loaders.trainings.load(localId('DetectorTraining', id));
  return found === null ? null : trainingNode(found, now);
}
