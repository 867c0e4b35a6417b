import { defineService } from '@deepstyle/service';
import { GALLERY_SETTINGS, type GallerySettings } from './config.ts';
import { createConsumers } from './events.ts';
import { createGallery } from './gallery.ts';
import { createLoaders, createResolvers } from './graph.ts';

/** Designs, their collections, and what rises and falls in a season. */
export const gallery = defineService<GallerySettings>({
  name: 'gallery',
  settings: GALLERY_SETTINGS,
  create: (context) => ({
    resolvers: createResolvers(context.database, context.clock),
    loaders: () => createLoaders(context.database),
    consumers: createConsumers(createGallery(context)),
  }),
});
