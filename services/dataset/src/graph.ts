import {
  type Connection,
  type GraphContext,
  type GraphResolvers,
  localId,
  mutate,
  type PageArguments,
  parsePage,
  requireToken,
  toConnection,
} from '@deepstyle/service';
import type { Database, ObjectStore } from '@deepstyle/storage';
import DataLoader from 'dataloader';
import { getDataset, type ImportPorts, type ImportRequest, startImport } from './dataset.ts';
import { type DatasetNode, datasetNode, importNode } from './graph-nodes.ts';
import { type DatasetRecord, datasetsById, listDatasets } from './records/datasets.ts';
import { type ImportRecord, importById } from './records/imports.ts';

export interface DatasetLoaders {
  readonly dataset: DataLoader<string, DatasetRecord | null>;
}

export type GraphPorts = ImportPorts & { readonly objects: ObjectStore };

type Context = GraphContext<DatasetLoaders>;
interface Entity {
  readonly id: string;
}

const URL_SECONDS = 3600;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function createLoaders(database: Database): DatasetLoaders {
  return {
    dataset: new DataLoader(async (ids) => {
      const found = await database.transaction('dataset.graph.datasets', (tx) =>
        datasetsById(tx, ids),
      );
      const datasets = new Map(found.map((dataset) => [dataset.id, dataset]));
      return ids.map((id) => datasets.get(id) ?? null);
    }),
  };
}

export function createResolvers(ports: GraphPorts): GraphResolvers {
  const { database, clock } = ports;
  return {
    Query: {
      dataset: (_: unknown, { id }: Entity, context: Context) => dataset(id, context),
      datasets: (_: unknown, page: PageArguments) => datasets(page),
      datasetImport: async (_: unknown, { id }: Entity) => {
        if (!UUID.test(id)) return null;
        const found = await database.transaction('dataset.graph.import', (tx) =>
          importById(tx, id),
        );
        return found === null ? null : importNode(found, clock());
      },
    },
    Dataset: {
      __resolveReference: ({ id }: Entity, context: Context) => dataset(id, context),
      annotationsUrl: async ({ id }: Entity, _: unknown, context: Context) => {
        requireToken(context);
        const { annotationsObject } = await getDataset(database, localId('Dataset', id));
        return ports.objects.signedUrl(annotationsObject.key, URL_SECONDS);
      },
    },
    DatasetImport: {
      dataset: ({ datasetId }: ImportRecord, _: unknown, context: Context) =>
        datasetId === null ? null : load(datasetId, context),
    },
    Mutation: {
      importDataset: (_: unknown, { input }: { input: ImportRequest }, context: Context) =>
        mutate(context, async () => {
          const started = await startImport(ports, input);
          const { datasetId } = started;
          return {
            import: importNode(started, clock()),
            dataset: datasetId === null ? null : await load(datasetId, context),
          };
        }),
    },
  };

  async function datasets(argument: PageArguments): Promise<Connection<DatasetNode>> {
    const page = parsePage(argument);
    const [createdAt, id] = page.after ?? [];
    const after = createdAt === undefined || id === undefined ? null : { createdAt, id };
    const rows = await database.transaction('dataset.graph.list', (tx) =>
      listDatasets(tx, after, page.limit),
    );
    return toConnection(page, rows, (row) => [row.createdAt.toISOString(), row.id], datasetNode);
  }
}

function dataset(id: string, context: Context): Promise<DatasetNode | null> {
  return load(localId('Dataset', id), context);
}

async function load(id: string, { loaders }: Context): Promise<DatasetNode | null> {
  const found = await loaders.dataset.load(id);
  return found === null ? null : datasetNode(found);
}
