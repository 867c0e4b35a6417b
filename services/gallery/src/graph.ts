import {
  type Connection,
  localId,
  manyByKey,
  mutate,
  oneByKey,
  type PageArguments,
  parsePage,
  stage,
  toConnection,
} from '@deepstyle/service';
import type { Gallery } from './gallery.ts';
import type {
  QueryCollectionsArgs,
  QueryTrendBatchesArgs,
  SubgraphResolvers,
} from './gen/graph.ts';
import {
  type CollectionNode,
  collectionNode,
  type DesignNode,
  designNode,
  type TrendBatchNode,
  trendBatchNode,
} from './graph-nodes.ts';
import type { Ports } from './ports.ts';
import {
  collectionsById,
  collectionsOfRuns,
  currentTrendBatches,
  designsById,
  designsOfCollection,
  newestCollections,
  newestTrendBatchesOfRuns,
  runsById,
  type TrendBatchRecord,
  trendBatchesById,
} from './records.ts';
import { stageOf } from './stage.ts';

export function createLoaders({ database }: Ports) {
  return {
    run: oneByKey(database, 'gallery.graph.runs', runsById, ({ id }) => id),
    design: oneByKey(database, 'gallery.graph.designs', designsById, ({ id }) => id),
    collection: oneByKey(database, 'gallery.graph.collections', collectionsById, ({ id }) => id),
    trendBatch: oneByKey(database, 'gallery.graph.trendBatches', trendBatchesById, ({ id }) => id),
    collectionOfRun: oneByKey(
      database,
      'gallery.graph.collectionsOfRuns',
      collectionsOfRuns,
      ({ runId }) => runId,
    ),
    trendBatchesOfRun: manyByKey(
      database,
      'gallery.graph.trendBatchesOfRuns',
      newestTrendBatchesOfRuns,
      ({ runId }) => runId,
    ),
  };
}

type Loaders = ReturnType<typeof createLoaders>;
type GraphPorts = Pick<Ports, 'database'>;

export function createResolvers(ports: Ports, gallery: Gallery): SubgraphResolvers<Loaders> {
  return {
    Query: {
      design: (_, { id }, { loaders }) => design(localId('Design', id), loaders),
      collection: (_, { id }, { loaders }) => collection(localId('Collection', id), loaders),
      collections: (_, page) => collections(ports, page),
      trendBatch: (_, { id }, { loaders }) => trendBatch(localId('TrendBatch', id), loaders),
      trendBatches: (_, page) => trendBatches(ports, page),
    },
    Mutation: {
      publishIncompleteRun: (_, { input }, context) =>
        mutate(context, async () => {
          await gallery.publishIncomplete(localId('Run', input.run));
          return { run: { id: input.run } };
        }),
    },
    Design: {
      __resolveReference: ({ id }, { loaders }) => design(localId('Design', id), loaders),
    },
    Collection: {
      __resolveReference: ({ id }, { loaders }) => collection(localId('Collection', id), loaders),
      designs: ({ id }, page) => designs(ports, localId('Collection', id), page),
      incomplete: async ({ runId }, _, { loaders }) =>
        (await loaders.run.load(runId))?.incomplete ?? null,
    },
    TrendBatch: {
      __resolveReference: ({ id }, { loaders }) => trendBatch(localId('TrendBatch', id), loaders),
      supersedes: ({ supersedes }, _, { loaders }) =>
        supersedes === null ? null : trendBatch(supersedes, loaders),
      collection: ({ collectionId }, _, { loaders }) =>
        collectionId === null ? null : collection(collectionId, loaders),
    },
    Run: {
      publishing: async ({ id }, _, { loaders }) =>
        stage(stageOf(await loaders.run.load(localId('Run', id))), ports.clock()),
      incomplete: async ({ id }, _, { loaders }) => {
        const found = await loaders.run.load(localId('Run', id));
        return found === null || found.releasedAt === null ? null : found.incomplete;
      },
      collection: async ({ id }, _, { loaders }) => {
        const found = await loaders.collectionOfRun.load(localId('Run', id));
        return found === null ? null : collectionNode(found);
      },
      trendBatches: async ({ id }, _, { loaders }) =>
        (await loaders.trendBatchesOfRun.load(localId('Run', id))).map(trendBatchNode),
    },
  };
}

async function design(id: string, loaders: Loaders): Promise<DesignNode | null> {
  const found = await loaders.design.load(id);
  return found === null ? null : designNode(found);
}

async function collection(id: string, loaders: Loaders): Promise<CollectionNode | null> {
  const found = await loaders.collection.load(id);
  return found === null ? null : collectionNode(found);
}

async function trendBatch(id: string, loaders: Loaders): Promise<TrendBatchNode | null> {
  const found = await loaders.trendBatch.load(id);
  return found === null ? null : trendBatchNode(found);
}

async function collections(
  { database }: GraphPorts,
  { season, ...argument }: QueryCollectionsArgs,
): Promise<Connection<CollectionNode>> {
  const page = parsePage(argument);
  const [createdAt, id] = page.after ?? [];
  const after =
    createdAt === undefined || id === undefined ? null : { createdAt: new Date(createdAt), id };
  const rows = await database.transaction('gallery.graph.newestCollections', (tx) =>
    newestCollections(tx, season ?? null, after, page.limit),
  );
  return toConnection(page, rows, (row) => [row.createdAt.toISOString(), row.id], collectionNode);
}

async function designs(
  { database }: GraphPorts,
  collectionId: string,
  argument: PageArguments,
): Promise<Connection<DesignNode>> {
  const page = parsePage(argument);
  const rows = await database.transaction('gallery.graph.designsOfCollection', (tx) =>
    designsOfCollection(tx, collectionId, Number(page.after?.[0] ?? -1), page.limit),
  );
  return toConnection(page, rows, ({ position }) => [String(position)], designNode);
}

async function trendBatches(
  { database }: GraphPorts,
  { season, brand, ...argument }: QueryTrendBatchesArgs,
): Promise<Connection<TrendBatchNode>> {
  const page = parsePage(argument);
  // An empty brand asks for the batches of all brands together, none for every batch.
  const filter = { season: season ?? null, brand: brand === '' ? null : (brand ?? undefined) };
  const [rank, lastBrand] = page.after ?? [];
  const after =
    rank === undefined || lastBrand === undefined
      ? null
      : { seasonRank: Number(rank), brand: lastBrand };
  const rows = await database.transaction('gallery.graph.currentTrendBatches', (tx) =>
    currentTrendBatches(tx, filter, after, page.limit),
  );
  const keyOf = (row: TrendBatchRecord) => [String(row.seasonRank), row.brand ?? ''];
  return toConnection(page, rows, keyOf, trendBatchNode);
}
