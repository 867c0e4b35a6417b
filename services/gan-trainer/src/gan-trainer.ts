import type { EventData } from '@deepstyle/contracts';
import type { JobDelivery } from '@deepstyle/service';
import { type DesignsRequest, generateDesigns } from './generation/generate-designs.ts';
import { renderDesigns } from './generation/render-designs.ts';
import type { Ports } from './ports.ts';
import type { GeneratedDesign } from './records.ts';
import { changeRun } from './training/change-run.ts';
import { announceRun } from './training/end-training.ts';
import { planTraining } from './training/plan-training.ts';
import { trainRun } from './training/train-run.ts';

/** The use cases, in the order in which a run meets them; each may be repeated. */
export interface GanTrainer {
  /** The garments of a run are there: decides what becomes of it, once in each retry, and queues its training. */
  readonly planTraining: (data: EventData<'deepstyle.garments.ready.v1'>) => Promise<void>;
  /** A person canceled a run, or lets it go on. */
  readonly runChanged: (data: EventData<'deepstyle.run.changed.v1'>) => Promise<void>;
  /**
   * Trains a queued run; returns once its training has an outcome or is canceled.
   *
   * @throws TrainingInterruptedError, or what another attempt may overcome
   */
  readonly trainRun: (runId: string, delivery: JobDelivery) => Promise<void>;
  /** Says again how the training of a run ended, for a service that never got it. @throws NotFoundError */
  readonly announceRun: (runId: string) => Promise<number>;
  /**
   * Streams the designs of a request in order, as they are rendered.
   *
   * @throws NotFoundError (model), InvalidArgumentError, TooManyDesignsError, RequestConflictError, RenderingFailedError
   */
  readonly generateDesigns: (
    request: DesignsRequest,
    signal: AbortSignal,
  ) => AsyncIterable<GeneratedDesign>;
  /**
   * Renders what a request still lacks; returns once it is done or has failed for good.
   *
   * @throws RenderingInterruptedError, or what another attempt may overcome
   */
  readonly renderDesigns: (requestKey: string, delivery: JobDelivery) => Promise<void>;
}

export function createGanTrainer(ports: Ports): GanTrainer {
  return {
    planTraining: (data) => planTraining(ports, data),
    runChanged: (data) => changeRun(ports, data),
    trainRun: (runId, delivery) => trainRun(ports, runId, delivery),
    announceRun: (runId) => announceRun(ports, runId),
    generateDesigns: (request, signal) => generateDesigns(ports, request, signal),
    renderDesigns: (requestKey, delivery) => renderDesigns(ports, requestKey, delivery),
  };
}
