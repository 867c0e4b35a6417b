import { defineService, type ServicePorts } from '@deepstyle/service';
import { engineOptions } from '@deepstyle/training';
import { DETECTOR_SETTINGS, type DetectorSettings } from './config.ts';
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
  createUseCases: (ports) => createInferenceCache(withEngine(ports)),
  closeUseCases: (models) => models.close(),
  createConsumers: (ports) => consumers(withEngine(ports)),
  createJobs: (ports, models) => jobs(withEngine(ports), models),
  createResolvers: (ports) => resolvers(withEngine(ports)),
  createLoaders: (ports) => createLoaders(withEngine(ports)),
  createGrpc: (ports) => grpcServices(withEngine(ports)),
});

function withEngine(ports: ServicePorts<DetectorSettings>): Ports {
  return { ...ports, engine: engineOptions(ports.settings) };
}
