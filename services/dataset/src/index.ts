import { defineService } from '@deepstyle/service';
import { DATASET_SETTINGS } from './config.ts';
import { createDataset } from './dataset.ts';
import { createConsumers, createJobs } from './events.ts';
import { createLoaders, createResolvers } from './graph.ts';
import { createGrpc } from './grpc.ts';
import { createReconciler } from './reconcile.ts';

/** Keeps immutable datasets of annotated photographs, imported from DeepFashion folders and COCO files. */
export const dataset = defineService({
  name: 'dataset',
  settings: DATASET_SETTINGS,
  createUseCases: createDataset,
  createConsumers,
  createJobs,
  createReconciler,
  createResolvers,
  createLoaders,
  createGrpc,
});
