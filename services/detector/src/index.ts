import { defineService } from '@deepstyle/service';
import { DETECTOR_SETTINGS } from './config.ts';
import { consumers, jobs } from './events.ts';
import { resolvers } from './graph.ts';
import { createLoaders } from './graph-loaders.ts';
import { grpcServices } from './grpc.ts';
import { createInferenceCache } from './inference-cache.ts';
import type { Ports } from './ports.ts';

/** Trains garment detectors and finds garments in photographs. */
export const detector = defineService({
  name: 'detector',
  settings: DETECTOR_SETTINGS,
  create: (context) => {
    const { device, threads } = context.settings;
    const ports: Ports = {
      ...context,
      engine: { device, ...(threads === 0 ? {} : { threads }) },
    };
    const models = createInferenceCache(ports);
    return {
      resolvers: resolvers(ports),
      loaders: () => createLoaders(ports),
      grpc: grpcServices(ports),
      consumers: consumers(ports),
      jobs: jobs(ports, models),
      close: () => models.close(),
    };
  },
});
