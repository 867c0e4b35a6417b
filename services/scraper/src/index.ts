import { setTimeout as sleep } from 'node:timers/promises';
import { defineService, type ServicePorts } from '@deepstyle/service';
import { SCRAPER_SETTINGS, type ScraperSettings } from './config.ts';
import { scrapeJob } from './events.ts';
import { scraperLoaders, scraperResolvers } from './graph.ts';
import { createAddressGuard } from './http/address-guard.ts';
import { createFetcher } from './http/fetcher.ts';

/** Collects photographs: owns runs and photos, publishes photo.stored and scrape.completed. */
export const scraper = defineService({
  name: 'scraper',
  settings: SCRAPER_SETTINGS,
  createUseCases: ({ settings, clock }: ServicePorts<ScraperSettings>) => {
    const guard = createAddressGuard(settings.allowedHosts);
    const newFetcher = () =>
      createFetcher({
        ...settings,
        guard,
        now: () => clock().getTime(),
        sleep: (delayMs, signal) => sleep(delayMs, undefined, { signal }),
        random: Math.random,
      });
    return { guard, newFetcher };
  },
  createConsumers: () => [],
  createJobs: (ports, { newFetcher }) => [scrapeJob({ ...ports, createFetcher: newFetcher })],
  createResolvers: (ports, { guard }) =>
    scraperResolvers({ ...ports, guard, roots: ports.settings.folders }),
  createLoaders: ({ database }) => scraperLoaders(database),
  createGrpc: () => [],
});
