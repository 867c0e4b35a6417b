// Generated from migrations/ by packages/storage/scripts/generate-tables.ts.
import type { Generated } from '@deepstyle/storage';

export interface BegunSourcesTable {
  runId: string;
  sourceKey: string;
  times: Generated<number>;
}

export interface PhotosTable {
  id: string;
  objectKey: string;
  contentType: string;
  bytes: number;
  widthPx: number;
  heightPx: number;
  dominantColor: string;
  brand: string | null;
  category: string | null;
  source: string;
  title: string | null;
  author: string | null;
  license: string | null;
  createdAt: Date;
}

export interface RunPhotosTable {
  runId: string;
  photoId: string;
}

export interface RunSourcesTable {
  runId: string;
  sourceKey: string;
  position: Generated<string>;
  name: string;
  outcome: 'stored' | 'duplicate' | 'rejected';
  photoId: string | null;
  code: string | null;
  reason: string | null;
}

export interface RunsTable {
  id: string;
  idempotencyKey: string;
  season: string;
  brand: string | null;
  detector: string;
  ganSteps: number | null;
  ganSkip: boolean;
  sources: unknown;
  state: 'RUNNING' | 'DONE' | 'FAILED';
  detail: string | null;
  expected: number | null;
  stored: Generated<number>;
  duplicates: Generated<number>;
  rejected: Generated<number>;
  createdAt: Date;
  updatedAt: Date;
  requestDigest: string | null;
  canceledAt: Date | null;
  revision: Generated<number>;
  retries: Generated<number>;
  lost: Generated<number>;
}

export interface Tables {
  begunSources: BegunSourcesTable;
  photos: PhotosTable;
  runPhotos: RunPhotosTable;
  runSources: RunSourcesTable;
  runs: RunsTable;
}
