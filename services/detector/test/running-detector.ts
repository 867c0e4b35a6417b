import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { datasetV1, detectorV1, type EventData, encodeEvent } from '@deepstyle/contracts';
import { assetPath, createLogger, NotFoundError } from '@deepstyle/platform';
import { startService, unary } from '@deepstyle/service';
import { migrate, openDatabaseServer } from '@deepstyle/storage';
import { credentials, Server, ServerCredentials } from '@grpc/grpc-js';
import { detector } from '../src/index.ts';
import { activateModel, type ModelRecord } from '../src/records.ts';

export interface RunningDetector {
  graph(query: string, variables?: object): Promise<GraphAnswer>;
  getActiveModel(): Promise<detectorV1.GetActiveModelResponse>;
  publish(data: EventData<'deepstyle.scrape.completed.v1'>): Promise<void>;
  close(): Promise<void>;
}

export interface GraphAnswer {
  // biome-ignore lint/suspicious/noExplicitAny: the shape is the query's
  readonly data: any;
}

/** The service over embedded stores in a temporary folder, with trained models, and a dataset service that knows `known`. */
export async function runDetector(models: readonly ModelRecord[]): Promise<RunningDetector> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'detector-'));
  await seed(dataFolder, models);
  const datasets = await standInForDatasets();
  const service = await startService(detector, {
    DEEPSTYLE_DATA: dataFolder,
    DATASET_GRPC_ADDRESS: `127.0.0.1:${datasets.port}`,
    HTTP_PORT: '0',
    API_TOKEN: 'test-token',
    LOG_LEVEL: 'silent',
  });
  const client = new detectorV1.DetectorServiceClient(
    `127.0.0.1:${service.grpcPort}`,
    credentials.createInsecure(),
  );
  return {
    graph: async (query, variables = {}) => {
      const response = await fetch(`http://127.0.0.1:${service.httpPort}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer test-token' },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as GraphAnswer;
    },
    getActiveModel: () =>
      new Promise((resolve, reject) => {
        client.getActiveModel({}, (error, response) =>
          error === null ? resolve(response) : reject(error),
        );
      }),
    publish: async (data) => {
      await service.bus.publish(encodeEvent({ type: 'deepstyle.scrape.completed.v1', data }));
    },
    close: async () => {
      client.close();
      await service.close();
      datasets.server.forceShutdown();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

async function seed(dataFolder: string, models: readonly ModelRecord[]): Promise<void> {
  const server = await openDatabaseServer({ dataFolder });
  const database = await server.schema('detector');
  await migrate(database, assetPath('services/detector/migrations'));
  for (const model of models)
    await database.transaction('test.seed', (tx) => activateModel(tx, model));
  await server.close();
}

async function standInForDatasets(): Promise<{ server: Server; port: number }> {
  const server = new Server();
  const logger = createLogger({ level: 'silent', name: 'test' });
  server.addService(datasetV1.DatasetServiceService, {
    getDataset: unary(
      logger,
      async ({ datasetId }: datasetV1.GetDatasetRequest): Promise<datasetV1.GetDatasetResponse> => {
        if (datasetId !== 'known') throw new NotFoundError('dataset', datasetId);
        return { datasetId, name: 'Known', images: 1, annotations: 1, categories: [] };
      },
    ),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { server, port };
}
