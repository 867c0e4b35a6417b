import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { datasetV1 } from '@deepstyle/contracts';
import { assetPath } from '@deepstyle/platform';
import { startService } from '@deepstyle/service';
import { migrate, openDatabaseServer } from '@deepstyle/storage';
import { credentials } from '@grpc/grpc-js';
import { dataset } from '../src/index.ts';
import { type DatasetRecord, saveDataset } from '../src/records.ts';

const TOKEN = 'test-token';

export interface RunningDataset {
  graph(query: string, variables?: object, token?: string): Promise<GraphAnswer>;
  getDataset(datasetId: string): Promise<datasetV1.GetDatasetResponse>;
  close(): Promise<void>;
}

export interface GraphAnswer {
  // biome-ignore lint/suspicious/noExplicitAny: the shape is the query's
  readonly data: any;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

/** The service over embedded stores in a temporary folder that holds the given datasets. */
export async function runDataset(datasets: readonly DatasetRecord[]): Promise<RunningDataset> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'dataset-'));
  await seed(dataFolder, datasets);
  const service = await startService(dataset, {
    DEEPSTYLE_DATA: dataFolder,
    HTTP_PORT: '0',
    API_TOKEN: TOKEN,
    LOG_LEVEL: 'silent',
  });
  const client = new datasetV1.DatasetServiceClient(
    `127.0.0.1:${service.grpcPort}`,
    credentials.createInsecure(),
  );
  return {
    graph: async (query, variables = {}, token = TOKEN) => {
      const response = await fetch(`http://127.0.0.1:${service.httpPort}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as GraphAnswer;
    },
    getDataset: (datasetId) =>
      new Promise((resolve, reject) => {
        client.getDataset({ datasetId }, (error, response) =>
          error === null ? resolve(response) : reject(error),
        );
      }),
    close: async () => {
      client.close();
      await service.close();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

async function seed(dataFolder: string, datasets: readonly DatasetRecord[]): Promise<void> {
  const server = await openDatabaseServer({ dataFolder });
  const database = await server.schema('dataset');
  await migrate(database, assetPath('services/dataset/migrations'));
  for (const one of datasets) await database.transaction('test.seed', (tx) => saveDataset(tx, one));
  await server.close();
}
