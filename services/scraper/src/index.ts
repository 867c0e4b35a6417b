import { defineService } from '@deepstyle/service';
import { SCRAPER_SETTINGS } from './config.ts';
import { createConsumers, createJobs } from './events.ts';
import { createLoaders, createResolvers } from './graph.ts';
import { createGrpc } from './grpc.ts';
import { createReconciler } from './reconcile.ts';
import { createScraper } from './scraper.ts';

/** Collects photographs: owns runs and photos, publishes photo.stored and scrape.completed. */
export const scraper = defineService({
  name: 'scraper',
  settings: SCRAPER_SETTINGS,
  createUseCases: createScraper,
  createConsumers,
  createJobs,
  createReconciler,
  createResolvers,
  createLoaders,
  createGrpc,
});
