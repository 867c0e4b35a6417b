import { defineService } from '@deepstyle/service';
import { createConsumers } from './events.ts';
import { createLoaders, createResolvers } from './graph.ts';
import { createGrpc } from './grpc.ts';

/** Finds garments in photographs. */
export const detector = defineService({
  name: 'detector',
  settings: {},
  create: ({ logger, database, calls, clock }) => ({
    resolvers: createResolvers(database, calls, clock),
    loaders: () => createLoaders(database),
    grpc: [createGrpc(database, logger)],
    consumers: createConsumers(database, clock),
  }),
});
