import {
  type Connection,
  localId,
  mutate,
  oneByKey,
  type PageArguments,
  parsePage,
  requireToken,
  toConnection,
} from '@deepstyle/service';
import type { Dataset } from './dataset.ts';
import type { SubgraphResolvers } from './gen/graph.ts';
import { type DatasetNode, datasetImportNode, datasetNode } from './graph-nodes.ts';
import type { Ports } from './ports.ts';
import { datasetsById, importById, listDatasets } from './records.ts';

const URL_SECONDS = 3600;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function createLoaders({ database }: Ports) {
  return { dataset: oneByKey(database, 'dataset.graph.datasets', datasetsById, ({ id }) => id) };
}

type Loaders = ReturnType<typeof createLoaders>;

export function createResolvers(
  { database, objects, clock }: Ports,
  dataset: Dataset,
): SubgraphResolvers<Loaders> {
  return {
    Query: {
      dataset: (_, { id }, { loaders }) => load(localId('Dataset', id), loaders),
      datasets: (_, page) => datasets(page),
      datasetImport: async (_, { id }) => {
        if (!UUID.test(id)) return null;
        const found = await database.transaction('dataset.graph.import', (tx) =>
          importById(tx, id),
        );
        return found === null ? null : datasetImportNode(found, clock());
      },
    },
    Dataset: {
      __resolveReference: ({ id }, { loaders }) => load(localId('Dataset', id), loaders),
      annotationsUrl: async ({ id }, _, context) => {
        requireToken(context);
        const { annotationsObject } = await dataset.getDataset(localId('Dataset', id));
        return objects.signedUrl(annotationsObject.key, URL_SECONDS);
      },
    },
    DatasetImport: {
      dataset: ({ datasetId }, _, { loaders }) =>
        datasetId === null ? null : load(datasetId, loaders),
    },
    Mutation: {
      importDataset: (_, { input }, context) =>
        mutate(context, async () => {
          const started = await dataset.startImport(input);
          const { datasetId } = started;
          return {
            import: datasetImportNode(started, clock()),
            dataset: datasetId === null ? null : await load(datasetId, context.loaders),
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

async function load(id: string, loaders: Loaders): Promise<DatasetNode | null> {
  const found = await loaders.dataset.load(id);
  return found === null ? null : datasetNode(found);
}
