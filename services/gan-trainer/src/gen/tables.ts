// Generated from migrations/ by packages/storage/scripts/generate-tables.ts.
import type { Generated } from '@deepstyle/storage';

export interface GenerateRequestsTable {
  requestKey: string;
  modelId: string;
  count: number;
  seed: string;
  state: 'queued' | 'done' | 'failed';
  reason: string | null;
  createdAt: Date;
}

export interface GeneratedDesignsTable {
  requestKey: string;
  position: number;
  latent: unknown;
  image: unknown;
  realism: number;
  nearest: unknown;
}

export interface ModelGarmentsTable {
  modelId: string;
  garmentId: string;
  heldOut: boolean;
}

export interface ModelsTable {
  id: string;
  runId: string;
  season: string;
  sizePx: number;
  latentSize: number;
  parameters: number;
  steps: number;
  bestStep: number;
  firstKid: number | null;
  bestKid: number | null;
  featureSpace: string;
  manifestHash: string;
  hyperparameters: unknown;
  weightsKey: string;
  onnxKey: string;
  createdAt: Date;
  garmentCount: Generated<number>;
}

export interface RunChangesTable {
  runId: string;
  revision: number;
  isCanceled: boolean;
  retries: number;
}

export interface TrainingGarmentsTable {
  runId: string;
  garmentId: string;
  imageKey: string;
}

export interface TrainingMetricsTable {
  runId: string;
  step: number;
  discriminatorLoss: number | null;
  generatorLoss: number | null;
  kid: number | null;
  stepsPerSecond: number | null;
}

export interface TrainingSamplesTable {
  runId: string;
  step: number;
  imageKey: string;
  widthPx: number;
  heightPx: number;
}

export interface TrainingsTable {
  runId: string;
  run: unknown;
  season: string;
  state: 'queued' | 'running' | 'done' | 'skipped' | 'failed' | 'canceled';
  manifestHash: string | null;
  hyperparameters: unknown;
  garments: number;
  attempt: Generated<number>;
  leaseUntil: Date | null;
  step: Generated<number>;
  steps: number | null;
  detail: string | null;
  checkpoint: unknown;
  modelId: string | null;
  outcome: 'trained' | 'reused' | 'skipped' | null;
  reason: string | null;
  createdAt: Date;
  updatedAt: Date;
  unsavedSeconds: Generated<number>;
}

export interface Tables {
  generateRequests: GenerateRequestsTable;
  generatedDesigns: GeneratedDesignsTable;
  modelGarments: ModelGarmentsTable;
  models: ModelsTable;
  runChanges: RunChangesTable;
  trainingGarments: TrainingGarmentsTable;
  trainingMetrics: TrainingMetricsTable;
  trainingSamples: TrainingSamplesTable;
  trainings: TrainingsTable;
}
