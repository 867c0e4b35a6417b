// Generated from migrations/ by packages/storage/scripts/generate-tables.ts.
import type { Generated } from '@deepstyle/storage';

export interface DetectionsTable {
  modelId: string;
  photoId: string;
  detections: unknown;
  detectedAt: Date;
}

export interface ModelsTable {
  id: string;
  datasetId: string | null;
  categories: readonly string[];
  ap: number | null;
  ap50: number | null;
  createdAt: Date;
  isActive: Generated<boolean>;
  labels: Generated<'categories' | 'types'>;
  categoryTypes: Generated<readonly string[]>;
  hyperparameters: unknown;
  steps: number | null;
  trainSeconds: number | null;
  parameters: number | null;
  weightsKey: string | null;
  onnxKey: string | null;
  evaluation: unknown;
}

export interface RunChangesTable {
  runId: string;
  revision: number;
  isCanceled: boolean;
  retries: number;
}

export interface RunPhotosTable {
  runId: string;
  photoId: string;
  photo: unknown;
  state: 'queued' | 'done' | 'failed';
  attempts: Generated<number>;
  takings: Generated<number>;
  takenBy: string | null;
  takenUntil: Date | null;
  reason: string | null;
  settledAt: Date | null;
}

export interface RunsTable {
  id: string;
  detector: string;
  seenAt: Date;
  reference: unknown;
  expected: number | null;
  updatedAt: Date | null;
  done: Generated<number>;
  failed: Generated<number>;
  detections: Generated<number>;
}

export interface TrainingLossesTable {
  trainingId: string;
  step: number;
  objectness: number;
  rpnBox: number;
  classification: number;
  box: number;
  stepsPerSecond: number;
}

export interface TrainingRequestsTable {
  idempotencyKey: string;
  trainingId: string;
  createdAt: Date;
}

export interface TrainingsTable {
  id: string;
  datasetId: string;
  labels: 'categories' | 'types';
  hyperparameters: unknown;
  state: 'queued' | 'running' | 'done' | 'failed';
  attempt: Generated<number>;
  leaseUntil: Date | null;
  step: Generated<number>;
  steps: number | null;
  detail: string | null;
  checkpoint: unknown;
  createdAt: Date;
  updatedAt: Date;
  unsavedSeconds: Generated<number>;
}

export interface Tables {
  detections: DetectionsTable;
  models: ModelsTable;
  runChanges: RunChangesTable;
  runPhotos: RunPhotosTable;
  runs: RunsTable;
  trainingLosses: TrainingLossesTable;
  trainingRequests: TrainingRequestsTable;
  trainings: TrainingsTable;
}
