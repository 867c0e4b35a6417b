import { defineService, type ServicePorts } from '@deepstyle/service';
import { engineOptions } from '@deepstyle/training';
import { GAN_TRAINER_SETTINGS, type GanTrainerSettings } from './config.ts';
import { consumers, jobs } from './events.ts';
import { createLoaders, resolvers } from './graph.ts';
import { grpcServices } from './grpc.ts';
import type { Ports } from './ports.ts';

/** Trains a DCGAN on a run's garments and renders designs from it. */
export const ganTrainer = defineService({
  name: 'gan-trainer',
  settings: GAN_TRAINER_SETTINGS,
  createUseCases: () => ({}),
  createConsumers: (ports) => consumers(withEngine(ports)),
  createJobs: (ports) => jobs(withEngine(ports)),
  createResolvers: (ports) => resolvers(withEngine(ports)),
  createLoaders: (ports) => createLoaders(withEngine(ports)),
  createGrpc: (ports) => grpcServices(withEngine(ports)),
});

function withEngine(ports: ServicePorts<GanTrainerSettings>): Ports {
  return { ...ports, engine: engineOptions(ports.settings) };
}
