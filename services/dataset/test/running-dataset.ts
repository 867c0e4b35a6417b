import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { datasetV1, decodeEvent, type EventData } from '@deepstyle/contracts';
import { assetPath, type Environment } from '@deepstyle/platform';
import { startService } from '@deepstyle/service';
import { type Bus, migrate, type ObjectStore, openDatabaseServer } from '@deepstyle/storage';
import { credentials } from '@grpc/grpc-js';
import { dataset } from '../src/index.ts';
import { type DatasetRecord, saveDataset } from '../src/records.ts';

const TOKEN = 'test-token';

export interface RunningDataset {
  readonly objects: ObjectStore;
  /** The events of imports published so far. */
  events(): readonly DatasetReady[];
  /** Starts an import and follows it to its end. */
  imported(input: Readonly<Record<string, unknown>>): Promise<FinishedImport>;
  graph(query: string, variables?: object, token?: string): Promise<GraphAnswer>;
  getDataset(datasetId: string): Promise<datasetV1.GetDatasetResponse>;
  close(): Promise<void>;
}

export type DatasetReady = EventData<'deepstyle.dataset.ready.v1'>;

export interface FinishedImport {
  readonly id: string;
  readonly progress: {
    readonly state: string;
    readonly done: number;
    readonly detail: string | null;
  };
  readonly dataset: { readonly id: string; readonly images: number } | null;
  readonly irregularities: readonly {
    readonly code: string;
    readonly effect: string;
    readonly count: number;
    readonly examples: readonly { readonly file: string; readonly line: number | null }[];
  }[];
}

const START = `mutation ($input: ImportDatasetInput!) {
  importDataset(input: $input) { import { id } userErrors { code message } }
}`;
const IMPORT = `query ($id: ID!) { datasetImport(id: $id) {
  id progress { state done detail } dataset { id images }
  irregularities { code effect count examples { file line } } } }`;

export interface GraphAnswer {
  // biome-ignore lint/suspicious/noExplicitAny: the shape is the query's
  readonly data: any;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

/** The service over embedded stores in a temporary folder that holds the given datasets. */
export async function runDataset(
  datasets: readonly DatasetRecord[],
  settings: Environment = {},
): Promise<RunningDataset> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'dataset-'));
  await seed(dataFolder, datasets);
  const service = await startService(dataset, {
    DEEPSTYLE_DATA: dataFolder,
    HTTP_PORT: '0',
    API_TOKEN: TOKEN,
    LOG_LEVEL: 'silent',
    ...settings,
  });
  const ending = new AbortController();
  const events: DatasetReady[] = [];
  const reading = read(service.bus, ending.signal, events);
  const client = new datasetV1.DatasetServiceClient(
    `127.0.0.1:${service.grpcPort}`,
    credentials.createInsecure(),
  );
  const graph: RunningDataset['graph'] = async (query, variables = {}, token = TOKEN) => {
    const response = await fetch(`http://127.0.0.1:${service.httpPort}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as GraphAnswer;
  };
  return {
    objects: service.objects,
    events: () => events,
    graph,
    imported: async (input) => {
      const defaults = { idempotencyKey: crypto.randomUUID(), name: 'Test' };
      const { data } = await graph(START, { input: { ...defaults, ...input } });
      const { import: started, userErrors } = data.importDataset;
      if (started === null) throw new Error(userErrors[0].message);
      return followed(graph, started.id, events);
    },
    getDataset: (datasetId) =>
      new Promise((resolve, reject) => {
        client.getDataset({ datasetId }, (error, response) =>
          error === null ? resolve(response) : reject(error),
        );
      }),
    close: async () => {
      client.close();
      ending.abort();
      await reading;
      await service.close();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

/** The import once it is over, and announced where it has a dataset. */
async function followed(
  graph: RunningDataset['graph'],
  id: string,
  events: readonly DatasetReady[],
): Promise<FinishedImport> {
  for (;;) {
    const { data } = await graph(IMPORT, { id });
    const found = data.datasetImport as FinishedImport;
    const wanted = found.dataset?.id.replace('dataset_', '');
    const isAnnounced = events.some(({ datasetId }) => datasetId === wanted);
    if (found.progress.state === 'FAILED' || isAnnounced) return found;
    await sleep(20);
  }
}

async function read(bus: Bus, signal: AbortSignal, events: DatasetReady[]): Promise<void> {
  const subjects = ['deepstyle.dataset.ready.v1'];
  for await (const message of bus.replay({ subjects, fromSequence: 1, signal })) {
    events.push(decodeEvent(message).data as DatasetReady);
  }
}

async function seed(dataFolder: string, datasets: readonly DatasetRecord[]): Promise<void> {
  const server = await openDatabaseServer({ dataFolder });
  const database = await server.schema('dataset');
  await migrate(database, assetPath('services/dataset/migrations'));
  for (const one of datasets) await database.transaction('test.seed', (tx) => saveDataset(tx, one));
  await server.close();
}
