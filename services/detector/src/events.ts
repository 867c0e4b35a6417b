import { type Consumer, consumer, type JobHandler, jobHandler } from '@deepstyle/service';
import { z } from 'zod';
import { DETECT_JOB } from './detection/photo-queue.ts';
import type { Detector } from './detector.ts';
import type { Ports } from './ports.ts';
import { TRAIN_JOB } from './training/request-training.ts';

/** Deliveries before a job is given up; each redelivery after a crash is one. */
const TRAIN_DELIVERIES = 20;
const DETECT_DELIVERIES = 50;
/** Photographs queued at once; what they write shares transactions. */
const CONCURRENCY = 64;

export function createConsumers(_ports: Ports, detector: Detector): readonly Consumer[] {
  return [
    consumer({
      name: 'photos',
      types: ['deepstyle.photo.stored.v1'],
      concurrency: CONCURRENCY,
      handle: ({ data }) => detector.photoStored(data),
    }),
    consumer({
      name: 'scrapes',
      types: ['deepstyle.scrape.completed.v1'],
      concurrency: 1,
      handle: ({ data }) => detector.scrapeCompleted(data),
    }),
  ];
}

export function createJobs(_ports: Ports, detector: Detector): readonly JobHandler[] {
  return [
    jobHandler({
      kind: TRAIN_JOB,
      payload: z.object({ trainingId: z.string() }),
      maxDeliveries: TRAIN_DELIVERIES,
      handle: ({ trainingId }, { attempt, signal }) =>
        detector.trainModel(trainingId, { signal, isLast: attempt >= TRAIN_DELIVERIES }),
    }),
    jobHandler({
      kind: DETECT_JOB,
      payload: z.object({ runId: z.string(), job: z.string() }),
      maxDeliveries: DETECT_DELIVERIES,
      handle: (job, { signal }) => detector.detectPhotos(job, signal),
    }),
  ];
}
