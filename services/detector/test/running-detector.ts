import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AnyEvent,
  datasetV1,
  decodeEvent,
  detectorV1,
  type EventData,
  type EventType,
  encodeEvent,
  type RunReference,
} from '@deepstyle/contracts';
import { createLogger, NotFoundError } from '@deepstyle/platform';
import { startService, unary } from '@deepstyle/service';
import { credentials, Server, ServerCredentials } from '@grpc/grpc-js';
import { detector } from '../src/index.ts';

/** A dataset service that describes what it is told. */
export async function startDatasets() {
  const datasets = new Map<string, datasetV1.GetDatasetResponse>();
  const server = new Server();
  const logger = createLogger({ level: 'silent', name: 'test' });
  server.addService(datasetV1.DatasetServiceService, {
    getDataset: unary(logger, async ({ datasetId }: datasetV1.GetDatasetRequest) => {
      const found = datasets.get(datasetId);
      if (found === undefined) throw new NotFoundError('dataset', datasetId);
      return found;
    }),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return {
    address: `127.0.0.1:${port}`,
    add: (dataset: datasetV1.GetDatasetResponse) => datasets.set(dataset.datasetId, dataset),
    close: () => server.forceShutdown(),
  };
}

/** A network and batches so small that a training takes seconds. */
const TINY = {
  DETECTOR_IMAGE_WIDTH_PX: '64',
  DETECTOR_IMAGE_HEIGHT_PX: '64',
  DETECTOR_WIDTH: '2',
  DETECTOR_BATCH_SIZE: '2',
  DETECTOR_THREADS: '1',
  HTTP_PORT: '0',
  API_TOKEN: 'test-token',
  LOG_LEVEL: 'silent',
};

export type RunningDetector = Awaited<ReturnType<typeof runDetector>>;

/** The service over embedded stores; `dataFolder` opens those of an earlier one. */
export async function runDetector(options: {
  readonly datasets: string;
  readonly dataFolder: string;
  readonly settings?: Readonly<Record<string, string>>;
}) {
  const service = await startService(detector, {
    ...TINY,
    DEEPSTYLE_DATA: options.dataFolder,
    DATASET_GRPC_ADDRESS: options.datasets,
    ...options.settings,
  });
  const { bus, objects } = service;
  const client = new detectorV1.DetectorServiceClient(
    `127.0.0.1:${service.grpcPort}`,
    credentials.createInsecure(),
  );
  const events: AnyEvent[] = [];
  const waiting: (() => void)[] = [];
  const subscription = await bus.subscribe(
    {
      stream: 'EVENTS',
      durable: 'test',
      subjects: [
        'deepstyle.photo.detected.v1',
        'deepstyle.photo.failed.v1',
        'deepstyle.detector.trained.v1',
      ],
      concurrency: 1,
      ackWaitMs: 30_000,
      maxFailures: 1,
    },
    async (delivery) => {
      events.push(decodeEvent(delivery));
      for (const wake of waiting.splice(0)) wake();
      return { kind: 'ack' };
    },
  );

  async function graph(
    query: string,
    variables: object = {},
    token: string | null = 'test-token',
    // biome-ignore lint/suspicious/noExplicitAny: the shape is the query's
  ): Promise<{ readonly data: any; readonly errors?: readonly { readonly message: string }[] }> {
    const response = await fetch(`http://127.0.0.1:${service.httpPort}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as never;
  }

  return {
    objects,
    graph,
    published: <T extends EventType>(type: T): EventData<T>[] =>
      events.filter((event) => event.type === type).map((event) => event.data as EventData<T>),
    publish: async <T extends EventType>(type: T, data: EventData<T>): Promise<void> => {
      await bus.publish(encodeEvent({ type, data }));
    },
    getActiveModel: () =>
      new Promise<detectorV1.GetActiveModelResponse>((resolve, reject) => {
        client.getActiveModel({}, (error, response) =>
          error === null ? resolve(response) : reject(error),
        );
      }),
    train: async (input: object) => {
      const { data } = await graph(
        `mutation ($input: TrainDetectorInput!) {
           trainDetector(input: $input) {
             training { id labels dataset { id } progress { state } }
             userErrors { code field message }
           }
         }`,
        { input },
      );
      return data.trainDetector;
    },
    /** Waits until it holds; how soon is not asserted. */
    until: async (holds: () => Promise<boolean> | boolean): Promise<void> => {
      while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 30));
    },
    /** Once it has come to an end, well or not. */
    ended: async (trainingId: string) => {
      for (;;) {
        const { data } = await graph(
          `query ($id: ID!) { detectorTraining(id: $id) {
             progress { state done expected detail } model { id }
           } }`,
          { id: trainingId },
        );
        const { state } = data.detectorTraining.progress;
        if (state === 'DONE' || state === 'FAILED') return data.detectorTraining;
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
    },
    detectionOf: async (runId: string) => {
      const { data } = await graph(
        `query ($representations: [_Any!]!) { _entities(representations: $representations) {
           ... on Run { detection { state done failed expected detail updatedAt } }
         } }`,
        { representations: [{ __typename: 'Run', id: `run_${runId}` }] },
      );
      return data._entities[0].detection;
    },
    close: async () => {
      client.close();
      await subscription.close();
      await service.close();
    },
  };
}

export function runOf(id: string, detectorId: string): RunReference {
  const gan = { steps: null, skip: false };
  return { id, season: 'SS2026', brand: null, detector: detectorId, gan };
}

export function temporaryDataFolder() {
  const path = mkdtempSync(join(tmpdir(), 'detector-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
