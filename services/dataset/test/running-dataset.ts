import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { datasetV1 } from '@deepstyle/contracts';
import { type RunServiceOptions, runService } from '@deepstyle/testkit/services';
import { credentials } from '@grpc/grpc-js';
import { dataset } from '../src/index.ts';

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

export type RunningDataset = Awaited<ReturnType<typeof runDataset>>;

export async function runDataset(options: RunServiceOptions = {}) {
  const service = await runService(dataset, options);
  const { graph, grpcAddress } = service;
  const client = new datasetV1.DatasetServiceClient(grpcAddress, credentials.createInsecure());

  const ended = async (id: string): Promise<FinishedImport> => {
    for (;;) {
      const found: FinishedImport = (await graph(IMPORT, { id })).data.datasetImport;
      if (['DONE', 'FAILED'].includes(found.progress.state)) return found;
      await sleep(20);
    }
  };
  return {
    ...service,
    /** Starts an import; it is over, and announced where it has a dataset. */
    imported: async (input: object): Promise<FinishedImport> => {
      const defaults = { idempotencyKey: randomUUID(), name: 'Test' };
      const { data } = await graph(START, { input: { ...defaults, ...input } });
      const { import: started, userErrors } = data.importDataset;
      if (started === null) throw new Error(userErrors[0].message);
      const finished = await ended(started.id);
      const id = finished.dataset?.id;
      if (id !== undefined) {
        await service.event(
          ({ type, data }) => type === 'deepstyle.dataset.ready.v1' && data.datasetGlobalId === id,
        );
      }
      return finished;
    },
    getDataset: (datasetId: string) =>
      new Promise<datasetV1.GetDatasetResponse>((resolve, reject) => {
        client.getDataset({ datasetId }, (error, response) =>
          error === null ? resolve(response) : reject(error),
        );
      }),
    close: async () => {
      client.close();
      await service.close();
    },
  };
}
