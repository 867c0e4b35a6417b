import { type Consumer, consumer, type JobHandler } from '@deepstyle/service';
import type { Gallery } from './gallery.ts';
import type { Ports } from './ports.ts';

/** Runs whose designs are awaited at once: each waits for the trainer, not for this process. */
const GAN_CONCURRENCY = 4;

export function createConsumers(_ports: Ports, gallery: Gallery): readonly Consumer[] {
  return [
    consumer({
      name: 'garments',
      types: ['deepstyle.garments.ready.v1'],
      concurrency: 1,
      handle: (event) => gallery.garmentsReady(event.data),
    }),
    // A queue of its own, so that statistics do not wait for designs.
    consumer({
      name: 'models',
      types: ['deepstyle.gan.ready.v1'],
      concurrency: GAN_CONCURRENCY,
      handle: (event) => gallery.ganReady(event.data),
    }),
  ];
}

export function createJobs(): readonly JobHandler[] {
  return [];
}
