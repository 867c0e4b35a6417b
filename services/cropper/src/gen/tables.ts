// Generated from migrations/ by packages/storage/scripts/generate-tables.ts.
import type { Generated } from '@deepstyle/storage';

export interface GarmentsTable {
  id: string;
  photoId: string;
  detector: string;
  box: readonly number[];
  category: string;
  categoryType: 'upper' | 'lower' | 'full' | 'other';
  score: number | null;
  brand: string | null;
  imageKey: string;
  imageSha256: string;
  imageContentType: string;
  imageBytes: number;
  widthPx: number;
  heightPx: number;
  palette: unknown;
  dominantColor: string | null;
  blurhash: string | null;
  createdAt: Date;
}

export interface RunChangesTable {
  runId: string;
  revision: number;
  isCanceled: boolean;
  retries: number;
}

export interface RunGarmentsTable {
  runId: string;
  garmentId: string;
  category: string;
  categoryType: 'upper' | 'lower' | 'full' | 'other';
  brand: string | null;
}

export interface RunPhotosTable {
  runId: string;
  photoId: string;
  outcome: 'done' | 'failed' | null;
  reason: string | null;
  attempts: Generated<number>;
}

export interface RunsTable {
  id: string;
  reference: unknown;
  expected: number | null;
  done: Generated<number>;
  failed: Generated<number>;
  garments: Generated<number>;
  createdAt: Date;
  updatedAt: Date;
  readyAt: Date | null;
  incomplete: string | null;
  lost: Generated<number>;
}

export interface Tables {
  garments: GarmentsTable;
  runChanges: RunChangesTable;
  runGarments: RunGarmentsTable;
  runPhotos: RunPhotosTable;
  runs: RunsTable;
}
