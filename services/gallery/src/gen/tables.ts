// Generated from migrations/ by packages/storage/scripts/generate-tables.ts.
import type { Generated } from '@deepstyle/storage';

export interface CollectionDesignsTable {
  collectionId: string;
  position: number;
  designId: string;
}

export interface CollectionsTable {
  id: string;
  runId: string;
  season: string;
  brand: string | null;
  modelId: string;
  designCount: number;
  createdAt: Date;
}

export interface DesignsTable {
  id: string;
  modelId: string;
  decoderVersion: string;
  latent: unknown;
  realism: number;
  nearestGarments: unknown;
  imageKey: string;
  imageSha256: string;
  imageContentType: string;
  imageBytes: number;
  sizePx: number;
  blurhash: string | null;
  dominantColor: string | null;
  createdAt: Date;
}

export interface RunChangesTable {
  runId: string;
  revision: number;
  isCanceled: boolean;
  retries: number;
}

export interface RunsTable {
  id: string;
  reference: unknown;
  garmentsReadAt: Date | null;
  garments: number | null;
  ganOutcome: 'trained' | 'reused' | 'skipped' | null;
  modelId: string | null;
  state: 'RUNNING' | 'HELD' | 'DONE' | 'FAILED';
  received: Generated<number>;
  requested: number | null;
  detail: string | null;
  createdAt: Date;
  updatedAt: Date;
  readyAt: Date | null;
  incomplete: string | null;
  releasedAt: Date | null;
  ganReason: string | null;
}

export interface SeasonGarmentsTable {
  runId: string;
  garmentId: string;
  season: string;
  photoId: string;
  brand: string;
  category: string;
  categoryType: 'upper' | 'lower' | 'full' | 'other';
  palette: unknown;
  isCounted: Generated<boolean>;
}

export interface SeasonsTable {
  season: string;
  version: Generated<number>;
}

export interface TrendBatchesTable {
  id: string;
  runId: string;
  season: string;
  seasonRank: number;
  brand: string;
  revision: number;
  supersedes: string | null;
  isCurrent: boolean;
  isFinal: boolean;
  photoCount: number;
  garmentCount: number;
  previousSeason: string | null;
  momentumReason: string | null;
  categories: unknown;
  palette: unknown;
  collectionId: string | null;
  publishedAt: Date;
  incomplete: string | null;
}

export interface UnusedObjectsTable {
  objectKey: string;
  runId: string;
}

export interface Tables {
  collectionDesigns: CollectionDesignsTable;
  collections: CollectionsTable;
  designs: DesignsTable;
  runChanges: RunChangesTable;
  runs: RunsTable;
  seasonGarments: SeasonGarmentsTable;
  seasons: SeasonsTable;
  trendBatches: TrendBatchesTable;
  unusedObjects: UnusedObjectsTable;
}
