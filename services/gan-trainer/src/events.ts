import { type Consumer, consumer, type JobHandler, jobHandler } from '@deepstyle/service';
import { z } from 'zod';
import type { GanTrainer } from './gan-trainer.ts';
import { GENERATE_JOB } from './generation/generate-designs.ts';
import type { Ports } from './ports.ts';
import { TRAIN_JOB } from './training/plan-training.ts';

/** Deliveries before a job is given up; each redelivery after a crash is one. */
const TRAIN_DELIVERIES = 20;
const GENERATE_DELIVERIES = 8;

export function createConsumers(_ports: Ports, ganTrainer: GanTrainer): readonly Consumer[] {
  return [
    consumer({
      name: 'garments-ready',
      types: ['deepstyle.garments.ready.v1'],
      concurrency: 4,
      handle: (event) => ganTrainer.planTraining(event.data),
    }),
  ];
}

export function createJobs(_ports: Ports, ganTrainer: GanTrainer): readonly JobHandler[] {
  return [
    jobHandler({
      kind: TRAIN_JOB,
      payload: z.object({ runId: z.string() }),
      maxDeliveries: TRAIN_DELIVERIES,
      handle: ({ runId }, { attempt, signal }) =>
        ganTrainer.trainRun(runId, { signal, isLast: attempt >= TRAIN_DELIVERIES }),
    }),
    jobHandler({
      kind: GENERATE_JOB,
      payload: z.object({ requestKey: z.string() }),
      maxDeliveries: GENERATE_DELIVERIES,
      handle: ({ requestKey }, { attempt, signal }) =>
        ganTrainer.renderDesigns(requestKey, { signal, isLast: attempt >= GENERATE_DELIVERIES }),
    }),
  ];
}
