import {
  type GraphContext,
  type GraphResolvers,
  localId,
  type PageArguments,
  stage,
} from '@deepstyle/service';
import type { Database } from '@deepstyle/storage';
import DataLoader from 'dataloader';
import {
  type CollectionArguments,
  collections,
  designs,
  type TrendBatchArguments,
  trendBatches,
} from './graph-lists.ts';
import { collectionNode, designNode, type TrendBatchNode, trendBatchNode } from './graph-nodes.ts';
import { publishingStage } from './publishing-stage.ts';
import {
  type CollectionRecord,
  collectionsById,
  collectionsOfRuns,
  type DesignRecord,
  designsById,
  newestTrendBatchesOfRuns,
  type RunRecord,
  runsById,
  type TrendBatchRecord,
  trendBatchesById,
} from './records.ts';

export interface GalleryLoaders {
  readonly run: DataLoader<string, RunRecord | null>;
  readonly design: DataLoader<string, DesignRecord | null>;
  readonly collection: DataLoader<string, CollectionRecord | null>;
  readonly trendBatch: DataLoader<string, TrendBatchRecord | null>;
  readonly collectionOfRun: DataLoader<string, CollectionRecord | null>;
  readonly trendBatchesOfRun: DataLoader<string, readonly TrendBatchRecord[]>;
}

type Context = GraphContext<GalleryLoaders>;
interface Entity {
  readonly id: string;
}

export function createLoaders(database: Database): GalleryLoaders {
  return {
    run: new DataLoader(async (ids) => {
      const runs = await database.transaction('gallery.graph.runs', (tx) => runsById(tx, ids));
      return ids.map((id) => runs.get(id) ?? null);
    }),
    design: byId((ids) =>
      database.transaction('gallery.graph.designs', (tx) => designsById(tx, ids)),
    ),
    collection: byId((ids) =>
      database.transaction('gallery.graph.collections', (tx) => collectionsById(tx, ids)),
    ),
    trendBatch: byId((ids) =>
      database.transaction('gallery.graph.trendBatches', (tx) => trendBatchesById(tx, ids)),
    ),
    collectionOfRun: new DataLoader(async (ids) => {
      const collections = await database.transaction('gallery.graph.collectionsOfRuns', (tx) =>
        collectionsOfRuns(tx, ids),
      );
      return ids.map((id) => collections.get(id) ?? null);
    }),
    trendBatchesOfRun: new DataLoader(async (ids) => {
      const batches = await database.transaction('gallery.graph.trendBatchesOfRuns', (tx) =>
        newestTrendBatchesOfRuns(tx, ids),
      );
      return ids.map((id) => batches.filter(({ runId }) => runId === id));
    }),
  };
}

function byId<Row extends Entity>(
  read: (ids: readonly string[]) => Promise<readonly Row[]>,
): DataLoader<string, Row | null> {
  return new DataLoader(async (ids) => {
    const rows = new Map((await read(ids)).map((row) => [row.id, row]));
    return ids.map((id) => rows.get(id) ?? null);
  });
}

export function createResolvers(database: Database, clock: () => Date): GraphResolvers {
  return {
    Query: {
      design: (_: unknown, { id }: Entity, context: Context) => design(id, context),
      collection: (_: unknown, { id }: Entity, context: Context) => collection(id, context),
      collections: (_: unknown, page: CollectionArguments) => collections(database, page),
      trendBatch: (_: unknown, { id }: Entity, context: Context) => trendBatch(id, context),
      trendBatches: (_: unknown, page: TrendBatchArguments) => trendBatches(database, page),
    },
    Design: { __resolveReference: ({ id }: Entity, context: Context) => design(id, context) },
    Collection: {
      __resolveReference: ({ id }: Entity, context: Context) => collection(id, context),
      designs: ({ id }: Entity, page: PageArguments) =>
        designs(database, localId('Collection', id), page),
    },
    TrendBatch: {
      __resolveReference: ({ id }: Entity, context: Context) => trendBatch(id, context),
      supersedes: ({ supersedes }: TrendBatchNode, _: unknown, context: Context) =>
        supersedes === null ? null : trendBatch(supersedes, context),
      collection: ({ collectionId }: TrendBatchNode, _: unknown, context: Context) =>
        collectionId === null ? null : collection(collectionId, context),
    },
    Run: {
      __resolveReference: ({ id }: Entity) => ({ id }),
      publishing: async ({ id }: Entity, _: unknown, { loaders }: Context) =>
        stage(publishingStage(await loaders.run.load(localId('Run', id))), clock()),
      collection: async ({ id }: Entity, _: unknown, { loaders }: Context) => {
        const found = await loaders.collectionOfRun.load(localId('Run', id));
        return found === null ? null : collectionNode(found);
      },
      trendBatches: async ({ id }: Entity, _: unknown, { loaders }: Context) =>
        (await loaders.trendBatchesOfRun.load(localId('Run', id))).map(trendBatchNode),
    },
  };
}

async function design(id: string, { loaders }: Context) {
  const found = await loaders.design.load(localId('Design', id));
  return found === null ? null : designNode(found);
}

async function collection(id: string, { loaders }: Context) {
  const found = await loaders.collection.load(localId('Collection', id));
  return found === null ? null : collectionNode(found);
}

async function trendBatch(id: string, { loaders }: Context): Promise<TrendBatchNode | null> {
  const found = await loaders.trendBatch.load(localId('TrendBatch', id));
  return found === null ? null : trendBatchNode(found);
}
