// Generated from migrations/ by packages/storage/scripts/generate-tables.ts.
import type { Generated } from '@deepstyle/storage';

export interface CategoriesTable {
  datasetId: string;
  number: number;
  name: string;
  type: 'upper' | 'lower' | 'full' | 'other';
}

export interface DatasetsTable {
  id: string;
  name: string;
  images: number;
  annotations: number;
  createdAt: Date;
  source: 'deepfashion' | 'coco';
  boxConvention: 'exclusive' | 'inclusive';
  trainImages: number;
  valImages: number;
  testImages: number;
  unsplitImages: number;
  storedImages: number;
  annotationsObject: unknown;
}

export interface ImportsTable {
  id: string;
  idempotencyKey: string;
  name: string;
  folder: string;
  options: unknown;
  state: 'WAITING' | 'RUNNING' | 'DONE' | 'FAILED';
  done: Generated<number>;
  expected: number | null;
  detail: string | null;
  datasetId: string | null;
  irregularities: Generated<unknown>;
  createdAt: Date;
  updatedAt: Date;
}

export interface Tables {
  categories: CategoriesTable;
  datasets: DatasetsTable;
  imports: ImportsTable;
}
