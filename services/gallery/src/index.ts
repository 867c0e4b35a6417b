import { defineService } from '@deepstyle/service';
import { GALLERY_SETTINGS } from './config.ts';
import { createConsumers } from './events.ts';
import { createGallery } from './gallery.ts';
import { createLoaders, createResolvers } from './graph.ts';

/** Designs, their collections, and what rises and falls in a season. */
export const gallery = defineService({
  name: 'gallery',
  settings: GALLERY_SETTINGS,
  createUseCases: createGallery,
  createConsumers: (_, useCases) => createConsumers(useCases),
  createJobs: () => [],
  createResolvers: ({ database, clock }) => createResolvers(database, clock),
  createLoaders: ({ database }) => createLoaders(database),
  createGrpc: () => [],
});
