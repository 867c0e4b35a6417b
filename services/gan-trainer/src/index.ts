import { defineService } from '@deepstyle/service';
import { GAN_TRAINER_SETTINGS } from './config.ts';
import { createConsumers, createJobs } from './events.ts';
import { createGanTrainer } from './gan-trainer.ts';
import { createLoaders, createResolvers } from './graph.ts';
import { createGrpc } from './grpc.ts';
import { createReconciler } from './reconcile.ts';

/** Trains a DCGAN on a run's garments and renders designs from it. */
export const ganTrainer = defineService({
  name: 'gan-trainer',
  settings: GAN_TRAINER_SETTINGS,
  createUseCases: createGanTrainer,
  createConsumers,
  createJobs,
  createReconciler,
  createResolvers,
  createLoaders,
  createGrpc,
});
