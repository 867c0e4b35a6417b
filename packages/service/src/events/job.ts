import type { ServiceName } from '@deepstyle/contracts';
import {
  DeepStyleError,
  InvalidArgumentError,
  type Logger,
  recordMetric,
} from '@deepstyle/platform';
import type { Bus, Delivery, Subscription } from '@deepstyle/storage';
import type { z } from 'zod';
import { settleInSpan } from './settle.ts';

export interface JobDelivery {
  /** Aborts when the process is asked to stop: save what is needed to go on, then throw CancelledError. */
  readonly signal: AbortSignal;
  /**
   * Whether no other try follows a failure with this error: another would come to the same, or there were `maxFailures`.
   * The handler then ends its work in a state that a person sees, rather than throw.
   */
  readonly givesUpOn: (error: unknown) => boolean;
}

/** A kind of long work, taken by one worker at a time. Its lease is extended for as long as `handle` runs. */
export interface JobHandler<P = unknown> {
  readonly kind: string;
  readonly payload: z.ZodType<P>;
  /** Failures before the job is given up. Kills, restarts and outages are none. */
  readonly maxFailures: number;
  handle(payload: P, delivery: JobDelivery): Promise<void>;
}

export function jobHandler<P>(definition: JobHandler<P>): JobHandler {
  return definition;
}

// Short, so that the job of a killed worker soon goes to another.
const ACK_WAIT_MS = 15_000;

export function jobSubject(kind: string): string {
  return `deepstyle.jobs.${kind}`;
}

/** The name under which the bus keeps which jobs are done. */
export function jobDurable(service: ServiceName, { kind }: JobHandler): string {
  return `${service}-${kind}`;
}

export function startJobHandler(
  bus: Bus,
  service: ServiceName,
  definition: JobHandler,
  signal: AbortSignal,
  logger: Logger,
): Promise<Subscription> {
  const { kind } = definition;
  const durable = jobDurable(service, definition);
  const work = {
    durable,
    ackWaitMs: ACK_WAIT_MS,
    maxFailures: definition.maxFailures,
    stopping: signal,
    measure: (outcome: string, seconds: number) =>
      recordMetric('jobDuration', { service, kind, outcome }, seconds),
  };
  return bus.subscribe(
    {
      stream: 'JOBS',
      durable,
      subjects: [jobSubject(kind)],
      concurrency: 1,
      ackWaitMs: ACK_WAIT_MS,
      maxFailures: definition.maxFailures,
    },
    (delivery) =>
      settleInSpan(work, delivery, logger, () =>
        definition.handle(parsePayload(definition, delivery.data), {
          signal,
          givesUpOn: (error) => isLastTry(error, delivery, definition.maxFailures),
        }),
      ),
  );
}

/** Whether a delivery that fails with this is not followed by another. */
export function isLastTry(
  error: unknown,
  { failures }: Pick<Delivery, 'failures'>,
  maxFailures: number,
): boolean {
  const { verdict } = DeepStyleError.from(error);
  return verdict === 'retry' ? failures + 1 >= maxFailures : verdict !== 'wait';
}

function parsePayload(definition: JobHandler, data: Uint8Array): unknown {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(data));
  } catch {
    throw new InvalidArgumentError(`job ${definition.kind}`, 'its payload is not JSON');
  }
  const parsed = definition.payload.safeParse(json);
  if (!parsed.success)
    throw new InvalidArgumentError(`job ${definition.kind}`, parsed.error.message);
  return parsed.data;
}
