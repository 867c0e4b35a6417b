import { defineService } from '@deepstyle/service';
import { DETECTOR_SETTINGS } from './config.ts';
import { createDetector } from './detector.ts';
import { createConsumers, createJobs } from './events.ts';
import { createLoaders, createResolvers } from './graph.ts';
import { createGrpc } from './grpc.ts';
import { createReconciler } from './reconcile.ts';

/** Trains garment detectors and finds garments in photographs. */
export const detector = defineService({
  name: 'detector',
  settings: DETECTOR_SETTINGS,
  createUseCases: createDetector,
  closeUseCases: (useCases) => useCases.close(),
  createConsumers,
  createJobs,
  createReconciler,
  createResolvers,
  createLoaders,
  createGrpc,
});
