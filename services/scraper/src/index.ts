import { setTimeout as sleep } from 'node:timers/promises';
import { defineService } from '@deepstyle/service';
import { SCRAPER_SETTINGS, type ScraperSettings } from './config.ts';
import { scrapeJob } from './events.ts';
import { scraperLoaders, scraperResolvers } from './graph.ts';
import { createAddressGuard } from './http/address-guard.ts';
import { createFetcher } from './http/fetcher.ts';

/** Collects photographs: owns runs and photos, publishes photo.stored and scrape.completed. */
export const scraper = defineService<ScraperSettings>({
  name: 'scraper',
  settings: SCRAPER_SETTINGS,
  create: ({ settings, logger, database, objects, outbox, calls, clock }) => {
    const guard = createAddressGuard(settings.allowedHosts);
    const newFetcher = () =>
      createFetcher({
        ...settings,
        guard,
        now: () => clock().getTime(),
        sleep: (delayMs, signal) => sleep(delayMs, undefined, { signal }),
        random: Math.random,
      });
    return {
      resolvers: scraperResolvers({
        database,
        outbox,
        calls,
        clock,
        guard,
        roots: settings.folders,
      }),
      loaders: () => scraperLoaders(database),
      jobs: [
        scrapeJob({
          database,
          objects,
          outbox,
          clock,
          logger,
          settings,
          createFetcher: newFetcher,
        }),
      ],
    };
  },
});
