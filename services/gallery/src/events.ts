import { type Consumer, consumer, type JobHandler, jobHandler } from '@deepstyle/service';
import { z } from 'zod';
import { type Gallery, PUBLISH_JOB } from './gallery.ts';
import type { Ports } from './ports.ts';

/** Runs whose designs are awaited at once: each waits for the trainer, not for this process. */
const GAN_CONCURRENCY = 4;
const MAX_FAILURES = 8;

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
    consumer({
      name: 'changes',
      types: ['deepstyle.run.changed.v1'],
      concurrency: 1,
      handle: (event) => gallery.runChanged(event.data),
    }),
  ];
}

export function createJobs(_ports: Ports, gallery: Gallery): readonly JobHandler[] {
  return [
    jobHandler({
      kind: PUBLISH_JOB,
      payload: z.object({ runId: z.string() }),
      maxFailures: MAX_FAILURES,
      handle: ({ runId }) => gallery.proceed(runId),
    }),
  ];
}
