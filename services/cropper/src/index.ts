import { defineService } from '@deepstyle/service';
import { CROPPER_SETTINGS } from './config.ts';
import { createCropper } from './cropper.ts';
import { createConsumers, createJobs } from './events.ts';
import { createLoaders, createResolvers } from './graph.ts';
import { createGrpc } from './grpc.ts';
import { createReconciler } from './reconcile.ts';

/** Cuts garments from photographs, says what colours they have, and knows when a run has all of them. */
export const cropper = defineService({
  name: 'cropper',
  settings: CROPPER_SETTINGS,
  createUseCases: createCropper,
  closeUseCases: (useCases) => useCases.close(),
  createConsumers,
  createJobs,
  createReconciler,
  createResolvers,
  createLoaders,
  createGrpc,
});
