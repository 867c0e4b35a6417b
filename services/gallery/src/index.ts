import { defineService } from '@deepstyle/service';
import { GALLERY_SETTINGS } from './config.ts';
import { createConsumers, createJobs } from './events.ts';
import { createGallery } from './gallery.ts';
import { createLoaders, createResolvers } from './graph.ts';
import { createGrpc } from './grpc.ts';
import { createReconciler } from './reconcile.ts';

/** Generates designs, orders them into collections, and says what rises and falls in a season. */
export const gallery = defineService({
  name: 'gallery',
  settings: GALLERY_SETTINGS,
  createUseCases: createGallery,
  createConsumers,
  createJobs,
  createReconciler,
  createResolvers,
  createLoaders,
  createGrpc,
});
