import DataLoader from 'dataloader';
import type { Ports } from './ports.ts';
import {
  type ModelRecord,
  modelsById,
  newestDetections,
  type PhotoDetections,
  type RunRecord,
  runsById,
  type Training,
  trainings,
} from './records.ts';

export type DetectorLoaders = ReturnType<typeof createLoaders>;

export function createLoaders({ database }: Ports) {
  return {
    runs: new DataLoader<string, RunRecord | null>((ids) =>
      database.transaction('detector.graph.runs', async (tx) => {
        const found = new Map((await runsById(tx, ids)).map((run) => [run.id, run]));
        return ids.map((id) => found.get(id) ?? null);
      }),
    ),
    models: new DataLoader<string, ModelRecord | null>((ids) =>
      database.transaction('detector.graph.models', async (tx) => {
        const found = new Map((await modelsById(tx, ids)).map((model) => [model.id, model]));
        return ids.map((id) => found.get(id) ?? null);
      }),
    ),
    trainings: new DataLoader<string, Training | null>((ids) =>
      database.transaction('detector.graph.trainings', async (tx) => {
        const found = new Map((await trainings.find(tx, ids)).map((one) => [one.id, one]));
        return ids.map((id) => found.get(id) ?? null);
      }),
    ),
    newestDetections: new DataLoader<string, PhotoDetections | null>((ids) =>
      database.transaction('detector.graph.detections', async (tx) => {
        const found = new Map((await newestDetections(tx, ids)).map((one) => [one.photoId, one]));
        return ids.map((id) => found.get(id) ?? null);
      }),
    ),
  };
}
