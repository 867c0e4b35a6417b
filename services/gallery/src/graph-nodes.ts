import { globalId, imageField } from '@deepstyle/service';
import type { CollectionRecord, DesignRecord, TrendBatchRecord } from './records.ts';

export type DesignNode = ReturnType<typeof designNode>;

/** A design as the graph has it. */
export function designNode(design: DesignRecord) {
  return {
    id: globalId('Design', design.id),
    image: imageField(design.image, design.sizePx, design.sizePx, design),
    model: { id: globalId('GanModel', design.modelId) },
    realism: design.realism,
    nearestGarments: design.nearestGarments.map(({ garmentId, distance }) => ({
      garment: { id: globalId('Garment', garmentId) },
      distance,
    })),
  };
}

export type CollectionNode = ReturnType<typeof collectionNode>;

/** A collection as the graph has it, without its designs. */
export function collectionNode(collection: CollectionRecord) {
  const { season, brand, designCount } = collection;
  return {
    id: globalId('Collection', collection.id),
    season,
    brand,
    designCount,
    runId: collection.runId,
    model: { id: globalId('GanModel', collection.modelId) },
    createdAt: collection.createdAt.toISOString(),
  };
}

export type TrendBatchNode = ReturnType<typeof trendBatchNode>;

/** A trend batch as the graph has it; the batch before and the collection by the ids of their records. */
export function trendBatchNode({ isCurrent, publishedAt, ...batch }: TrendBatchRecord) {
  return {
    ...batch,
    id: globalId('TrendBatch', batch.id),
    current: isCurrent,
    run: { id: globalId('Run', batch.runId) },
    publishedAt: publishedAt.toISOString(),
  };
}
