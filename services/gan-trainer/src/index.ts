import { defineService } from '@deepstyle/service';
import { GAN_TRAINER_SETTINGS } from './config.ts';
import { consumers, jobs } from './events.ts';
import { createLoaders, resolvers } from './graph.ts';
import { grpcServices } from './grpc.ts';
import type { Ports } from './ports.ts';

/** Trains a DCGAN on a run's garments and renders designs from it. */
export const ganTrainer = defineService({
  name: 'gan-trainer',
  settings: GAN_TRAINER_SETTINGS,
  create: (context) => {
    const { device, threads } = context.settings;
    const ports: Ports = {
      ...context,
      engine: { device, ...(threads === 0 ? {} : { threads }) },
    };
    return {
      resolvers: resolvers(ports),
      loaders: () => createLoaders(ports),
      grpc: grpcServices(ports),
      consumers: consumers(ports),
      jobs: jobs(ports),
    };
  },
});
