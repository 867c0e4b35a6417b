import { type Consumer, consumer, type JobHandler, jobHandler } from '@deepstyle/service';
import { z } from 'zod';
import type { GanTrainer } from './gan-trainer.ts';
import { GENERATE_JOB } from './generation/generate-designs.ts';
import type { Ports } from './ports.ts';
import { TRAIN_JOB } from './training/plan-training.ts';

const MAX_FAILURES = 8;

export function createConsumers(_ports: Ports, ganTrainer: GanTrainer): readonly Consumer[] {
  return [
    consumer({
      name: 'garments-ready',
      types: ['deepstyle.garments.ready.v1'],
      concurrency: 4,
      handle: (event) => ganTrainer.planTraining(event.data),
    }),
    consumer({
      name: 'changes',
      types: ['deepstyle.run.changed.v1'],
      concurrency: 1,
      handle: (event) => ganTrainer.runChanged(event.data),
    }),
  ];
}

export function createJobs(_ports: Ports, ganTrainer: GanTrainer): readonly JobHandler[] {
  return [
    jobHandler({
      kind: TRAIN_JOB,
      payload: z.object({ runId: z.string() }),
      maxFailures: MAX_FAILURES,
      handle: ({ runId }, delivery) => ganTrainer.trainRun(runId, delivery),
    }),
    jobHandler({
      kind: GENERATE_JOB,
      payload: z.object({ requestKey: z.string() }),
      maxFailures: MAX_FAILURES,
      handle: ({ requestKey }, delivery) => ganTrainer.renderDesigns(requestKey, delivery),
    }),
  ];
}
