import { defineService } from '@deepstyle/service';
import { CROPPER_SETTINGS, type CropperSettings } from './config.ts';
import { createCropper } from './cropper.ts';
import { createConsumers } from './events.ts';
import { createLoaders, createResolvers } from './graph.ts';
import { createGrpc } from './grpc.ts';
import { createRunLedger } from './run-ledger.ts';

/** Cuts garments from photographs, says what colours they have, and knows when a run has all of them. */
export const cropper = defineService<CropperSettings>({
  name: 'cropper',
  settings: CROPPER_SETTINGS,
  create: ({ settings, logger, database, objects, outbox, clock }) => {
    const ledger = createRunLedger({ database, outbox, clock });
    const useCases = createCropper({ ledger, objects, settings, clock });
    return {
      resolvers: createResolvers(database, clock),
      loaders: () => createLoaders(database),
      grpc: [createGrpc(database, logger)],
      consumers: createConsumers(useCases, settings.concurrency),
    };
  },
});
