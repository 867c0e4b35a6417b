import { globalId, imageField } from '@deepstyle/service';
import type { CollectionRecord, DesignRecord, TrendBatchRecord } from './records.ts';

export function designNode(found: DesignRecord) {
  return {
    id: globalId('Design', found.id),
    image: imageField(found.image, found.sizePx, found.sizePx, found),
    model: { id: globalId('GanModel', found.modelId) },
    realism: found.realism,
    nearestGarments: found.nearestGarments.map(({ garmentId, distance }) => {
      return { garment: { id: globalId('Garment', garmentId) }, distance };
    }),
  };
}

export function collectionNode({
  id,
  season,
  brand,
  modelId,
  designCount,
  createdAt,
}: CollectionRecord) {
  return {
    id: globalId('Collection', id),
    ...{ season, brand, designCount },
    model: { id: globalId('GanModel', modelId) },
    createdAt: createdAt.toISOString(),
  };
}

export type TrendBatchNode = ReturnType<typeof trendBatchNode>;

export function trendBatchNode(batch: TrendBatchRecord) {
  const { season, brand, revision, photoCount, garmentCount } = batch;
  const { previousSeason, momentumReason, categories, palette } = batch;
  return {
    id: globalId('TrendBatch', batch.id),
    ...{ season, brand, revision, photoCount, garmentCount },
    ...{ previousSeason, momentumReason, categories, palette },
    supersedes: batch.supersedes === null ? null : globalId('TrendBatch', batch.supersedes),
    current: batch.isCurrent,
    collectionId: batch.collectionId === null ? null : globalId('Collection', batch.collectionId),
    run: { id: globalId('Run', batch.runId) },
    publishedAt: batch.publishedAt.toISOString(),
  };
}
