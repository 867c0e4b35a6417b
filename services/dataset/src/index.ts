import { defineService } from '@deepstyle/service';
import { DATASET_SETTINGS, type DatasetSettings } from './config.ts';
import { importJob } from './events.ts';
import { createLoaders, createResolvers } from './graph.ts';
import { createGrpc } from './grpc.ts';

/** Keeps immutable datasets of annotated photographs, imported from DeepFashion folders and COCO files. */
export const dataset = defineService<DatasetSettings, object, object>({
  name: 'dataset',
  settings: DATASET_SETTINGS,
  createUseCases: () => ({}),
  createConsumers: () => [],
  createJobs: (ports) => [importJob({ ...ports.settings, ...ports })],
  createResolvers: (ports) => createResolvers({ ...ports.settings, ...ports }),
  createLoaders: ({ database }) => createLoaders(database),
  createGrpc: ({ database, logger }) => [createGrpc(database, logger)],
});
