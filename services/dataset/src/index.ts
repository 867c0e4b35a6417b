import { defineService } from '@deepstyle/service';
import { DATASET_SETTINGS, type DatasetSettings } from './config.ts';
import { importJob } from './events.ts';
import { createLoaders, createResolvers } from './graph.ts';
import { createGrpc } from './grpc.ts';

/** Keeps immutable datasets of annotated photographs, imported from DeepFashion folders and COCO files. */
export const dataset = defineService<DatasetSettings>({
  name: 'dataset',
  settings: DATASET_SETTINGS,
  create: ({ settings, logger, database, objects, outbox, clock }) => {
    const ports = { ...settings, logger, database, objects, outbox, clock };
    return {
      resolvers: createResolvers(ports),
      loaders: () => createLoaders(database),
      grpc: [createGrpc(database, logger)],
      jobs: [importJob(ports)],
    };
  },
});
