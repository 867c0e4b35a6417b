import { type Consumer, consumer } from '@deepstyle/service';
import type { Gallery } from './gallery.ts';

/** Runs whose designs are awaited at once: each waits for the trainer, not for this process. */
const GAN_CONCURRENCY = 4;

/** What the service consumes. */
export function createConsumers(gallery: Gallery): readonly Consumer[] {
  return [
    consumer({
      name: 'garments',
      types: ['deepstyle.garments.ready.v1'],
      concurrency: 1,
      handle: (event) => gallery.garmentsReady(event.data),
    }),
    // Not behind one another in one queue: statistics must not wait for designs.
    consumer({
      name: 'models',
      types: ['deepstyle.gan.ready.v1'],
      concurrency: GAN_CONCURRENCY,
      handle: (event) => gallery.ganReady(event.data),
    }),
  ];
}
