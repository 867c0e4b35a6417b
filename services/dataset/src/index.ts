import { defineService } from '@deepstyle/service';
import { createLoaders, createResolvers } from './graph.ts';
import { createGrpc } from './grpc.ts';

/** Keeps immutable datasets of annotated photographs. */
export const dataset = defineService({
  name: 'dataset',
  settings: {},
  create: ({ logger, database }) => ({
    resolvers: createResolvers(database),
    loaders: () => createLoaders(database),
    grpc: [createGrpc(database, logger)],
  }),
});
