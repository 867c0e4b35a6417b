import { type Consumer, consumer, type JobHandler, jobHandler } from '@deepstyle/service';
import { z } from 'zod';
import { DETECT_JOB } from './detection/photo-queue.ts';
import type { Detector } from './detector.ts';
import type { Ports } from './ports.ts';
import { TRAIN_JOB } from './training/request-training.ts';

const MAX_FAILURES = 8;
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
    consumer({
      name: 'changes',
      types: ['deepstyle.run.changed.v1'],
      concurrency: 1,
      handle: ({ data }) => detector.runChanged(data),
    }),
  ];
}

export function createJobs(_ports: Ports, detector: Detector): readonly JobHandler[] {
  return [
    jobHandler({
      kind: TRAIN_JOB,
      payload: z.object({ trainingId: z.string() }),
      maxFailures: MAX_FAILURES,
      handle: ({ trainingId }, delivery) => detector.trainModel(trainingId, delivery),
    }),
    jobHandler({
      kind: DETECT_JOB,
      payload: z.object({ runId: z.string(), job: z.string() }),
      maxFailures: MAX_FAILURES,
      handle: (job, { signal }) => detector.detectPhotos(job, signal),
    }),
  ];
}
