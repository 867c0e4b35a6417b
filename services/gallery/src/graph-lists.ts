import { type Connection, type PageArguments, parsePage, toConnection } from '@deepstyle/service';
import type { Database } from '@deepstyle/storage';
import { collectionNode, designNode, type TrendBatchNode, trendBatchNode } from './graph-nodes.ts';
import {
  currentTrendBatches,
  designsOfCollection,
  newestCollections,
  type TrendBatchRecord,
} from './records.ts';

export type CollectionArguments = PageArguments & { readonly season?: string | null };
export type TrendBatchArguments = CollectionArguments & { readonly brand?: string | null };

export async function collections(
  database: Database,
  argument: CollectionArguments,
): Promise<Connection<ReturnType<typeof collectionNode>>> {
  const page = parsePage(argument);
  const [createdAt, id] = page.after ?? [];
  const after = createdAt === undefined || id === undefined ? null : ([createdAt, id] as const);
  const rows = await database.transaction('gallery.graph.newestCollections', (tx) =>
    newestCollections(tx, argument.season ?? null, after, page.limit),
  );
  return toConnection(page, rows, (row) => [row.createdAt.toISOString(), row.id], collectionNode);
}

export async function designs(
  database: Database,
  collectionId: string,
  argument: PageArguments,
): Promise<Connection<ReturnType<typeof designNode>>> {
  const page = parsePage(argument);
  const rows = await database.transaction('gallery.graph.designsOfCollection', (tx) =>
    designsOfCollection(tx, collectionId, Number(page.after?.[0] ?? -1), page.limit),
  );
  return toConnection(page, rows, ({ position }) => [String(position)], designNode);
}

export async function trendBatches(
  database: Database,
  argument: TrendBatchArguments,
): Promise<Connection<TrendBatchNode>> {
  const page = parsePage(argument);
  const { season, brand } = argument;
  // An empty brand asks for the batches of all brands together.
  const filter = {
    season: season ?? null,
    brand: brand === null || brand === undefined ? undefined : brand || null,
  };
  const [rank, brandAfter] = page.after ?? [];
  const after =
    rank === undefined || brandAfter === undefined ? null : ([Number(rank), brandAfter] as const);
  const rows = await database.transaction('gallery.graph.currentTrendBatches', (tx) =>
    currentTrendBatches(tx, filter, after, page.limit),
  );
  const keyOf = (row: TrendBatchRecord) => [String(row.seasonRank), row.brand ?? ''];
  return toConnection(page, rows, keyOf, trendBatchNode);
}
