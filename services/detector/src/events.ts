import { type Consumer, consumer, type JobHandler, jobHandler } from '@deepstyle/service';
import { z } from 'zod';
import { createPhotoQueue, DETECT_JOB, detectPhotos, TRAIN_JOB, trainModel } from './detector.ts';
import type { InferenceCache } from './inference-cache.ts';
import type { Ports } from './ports.ts';

/** Deliveries before a job is given up; each redelivery after a crash is one. */
const TRAIN_DELIVERIES = 20;
const DETECT_DELIVERIES = 50;
/** Photographs queued at once; what they write shares transactions. */
const CONCURRENCY = 64;

export function consumers(ports: Ports): Consumer[] {
  const queue = createPhotoQueue(ports);
  return [
    consumer({
      name: 'photos',
      types: ['deepstyle.photo.stored.v1'],
      concurrency: CONCURRENCY,
      handle: ({ data }) => queue.photoStored(data),
    }),
    consumer({
      name: 'scrapes',
      types: ['deepstyle.scrape.completed.v1'],
      concurrency: 1,
      handle: ({ data }) => queue.scrapeCompleted(data),
    }),
  ];
}

export function jobs(ports: Ports, models: InferenceCache): JobHandler[] {
  return [
    jobHandler({
      kind: TRAIN_JOB,
      payload: z.object({ trainingId: z.string() }),
      maxDeliveries: TRAIN_DELIVERIES,
      handle: ({ trainingId }, { attempt, signal }) =>
        trainModel(trainingId, { signal, isLast: attempt >= TRAIN_DELIVERIES }, ports),
    }),
    jobHandler({
      kind: DETECT_JOB,
      payload: z.object({ runId: z.string(), job: z.string() }),
      maxDeliveries: DETECT_DELIVERIES,
      handle: (job, { signal }) => detectPhotos(job, signal, { ...ports, models }),
    }),
  ];
}
