import {
  type Connection,
  type GraphContext,
  type GraphResolvers,
  globalId,
  localId,
  mutate,
  type PageArguments,
  parsePage,
  toConnection,
} from '@deepstyle/service';
import type { Database } from '@deepstyle/storage';
import DataLoader from 'dataloader';
import { importDataset } from './dataset.ts';
import { type DatasetRecord, datasetsById, listDatasets } from './records.ts';

export interface DatasetLoaders {
  readonly dataset: DataLoader<string, DatasetRecord | null>;
}

type Context = GraphContext<DatasetLoaders>;
interface Entity {
  readonly id: string;
}

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

export function createResolvers(database: Database): GraphResolvers {
  return {
    Query: {
      dataset: (_: unknown, { id }: Entity, context: Context) => dataset(id, context),
      datasets: (_: unknown, page: PageArguments) => datasets(page),
    },
    Dataset: {
      __resolveReference: ({ id }: Entity, context: Context) => dataset(id, context),
    },
    Mutation: {
      importDataset: (_: unknown, _input: unknown, context: Context) =>
        mutate(context, async () => ({ dataset: datasetNode(await importDataset()) })),
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

async function dataset(id: string, { loaders }: Context): Promise<DatasetNode | null> {
  const found = await loaders.dataset.load(localId('Dataset', id));
  return found === null ? null : datasetNode(found);
}

type DatasetNode = ReturnType<typeof datasetNode>;

function datasetNode({ id, createdAt, ...dataset }: DatasetRecord) {
  return { ...dataset, id: globalId('Dataset', id), createdAt: createdAt.toISOString() };
}
