import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { datasetV1, detectorV1, type RunReference, scraperV1 } from '@deepstyle/contracts';
import { createLogger, NotFoundError } from '@deepstyle/platform';
import { serverStream, unary } from '@deepstyle/service';
import { runService, servePeers } from '@deepstyle/testkit/services';
import { credentials } from '@grpc/grpc-js';
import { detector } from '../src/index.ts';
import { storeDataset } from './drawn-dataset.ts';
import { TINY_SETTINGS } from './tiny-hyperparameters.ts';

/** Images of the dataset that is there to train on. */
export const IMAGES = 16;
/** Steps of a training that asks for no other number. */
export const STEPS = 8;

const TRAIN = `mutation ($input: TrainDetectorInput!) { trainDetector(input: $input) {
  training { id labels dataset { id } progress { state } } userErrors { code field message }
} }`;
const TRAINING = `query ($id: ID!) { detectorTraining(id: $id) {
  progress { state done expected detail } model { id }
} }`;
const DETECTION = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
  ... on Run { detection { state done failed expected detail updatedAt } }
} }`;

export type RunningDetector = Awaited<ReturnType<typeof runDetector>>;

/** The service, beside a dataset service that has one dataset and a scraper that has no run. */
export async function runDetector() {
  const datasets = await startPeers();
  const settings = {
    ...TINY_SETTINGS,
    DATASET_GRPC_ADDRESS: datasets.address,
    SCRAPER_GRPC_ADDRESS: datasets.address,
  };
  const service = await runService(detector, { settings });
  const { graph, grpcAddress } = service;
  const client = new detectorV1.DetectorServiceClient(grpcAddress, credentials.createInsecure());
  const dataset = await storeDataset(service.objects, { images: IMAGES });
  datasets.add(dataset);

  const request = (change: object = {}) => ({
    idempotencyKey: randomUUID(),
    dataset: `dataset_${dataset.datasetId}`,
    steps: STEPS,
    ...change,
  });
  const trainingOf = async (id: string) => (await graph(TRAINING, { id })).data.detectorTraining;
  const detectionOf = async (runId: string) => {
    const representations = [{ __typename: 'Run', id: `run_${runId}` }];
    return (await graph(DETECTION, { representations })).data._entities[0].detection;
  };
  return {
    ...service,
    datasetId: dataset.datasetId,
    addDataset: datasets.add,
    /** The input of a new training on the dataset. */
    request,
    train: async (change: object = {}) =>
      (await graph(TRAIN, { input: request(change) })).data.trainDetector,
    /** A training once it has come to an end, well or not. */
    ended: async (trainingId: string) => {
      await until(async () => isOver((await trainingOf(trainingId)).progress));
      return trainingOf(trainingId);
    },
    /** The detection of a run once it has come to an end, well or not. */
    detected: async (runId: string) => {
      await until(async () => isOver(await detectionOf(runId)));
      return detectionOf(runId);
    },
    getActiveModel: () =>
      new Promise<detectorV1.GetActiveModelResponse>((resolve, reject) => {
        client.getActiveModel({}, (error, response) =>
          error === null ? resolve(response) : reject(error),
        );
      }),
    close: async () => {
      client.close();
      await service.close();
      datasets.close();
    },
  };
}

/** A dataset service that describes what it is told, and a scraper. */
async function startPeers() {
  const datasets = new Map<string, datasetV1.GetDatasetResponse>();
  const getDataset = async ({ datasetId }: datasetV1.GetDatasetRequest) => {
    const found = datasets.get(datasetId);
    if (found === undefined) throw new NotFoundError('dataset', datasetId);
    return found;
  };
  const logger = createLogger({ level: 'silent', name: 'test' });
  const { address, close } = await servePeers([
    {
      definition: datasetV1.DatasetServiceService,
      implementation: { getDataset: unary(logger, getDataset) },
    },
    {
      definition: scraperV1.ScraperServiceService,
      implementation: { listRuns: serverStream(logger, async function* () {}) },
    },
  ]);
  const add = (dataset: datasetV1.GetDatasetResponse) => datasets.set(dataset.datasetId, dataset);
  return { address, close, add };
}

function isOver({ state }: { readonly state: string }): boolean {
  return state !== 'WAITING' && state !== 'RUNNING';
}

/** Waits until it holds; how soon is not asserted. */
export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await sleep(30);
}

export function runOf(id: string, detectorId: string): RunReference {
  const gan = { steps: null, skip: false };
  return { id, season: 'SS2026', brand: null, detector: detectorId, gan };
}
