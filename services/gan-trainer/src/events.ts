import { type Consumer, consumer, type JobHandler, jobHandler } from '@deepstyle/service';
import { z } from 'zod';
import { GENERATE_JOB, planTraining, renderDesigns, TRAIN_JOB, trainRun } from './gan-trainer.ts';
import type { Ports } from './ports.ts';

/** Deliveries before a training is given up; each redelivery after a crash is one. */
const TRAIN_DELIVERIES = 20;
const GENERATE_DELIVERIES = 8;

export function consumers(ports: Ports): Consumer[] {
  return [
    consumer({
      name: 'garments-ready',
      types: ['deepstyle.garments.ready.v1'],
      concurrency: 4,
      handle: (event) => planTraining(event.data, ports),
    }),
  ];
}

export function jobs(ports: Ports): JobHandler[] {
  return [
    jobHandler({
      kind: TRAIN_JOB,
      payload: z.object({ runId: z.string() }),
      maxDeliveries: TRAIN_DELIVERIES,
      handle: ({ runId }, { attempt, signal }) =>
        trainRun(runId, { signal, isLast: attempt >= TRAIN_DELIVERIES }, ports),
    }),
    jobHandler({
      kind: GENERATE_JOB,
      payload: z.object({ requestKey: z.string() }),
      maxDeliveries: GENERATE_DELIVERIES,
      handle: ({ requestKey }, { attempt, signal }) =>
        renderDesigns(requestKey, { signal, isLast: attempt >= GENERATE_DELIVERIES }, ports),
    }),
  ];
}
