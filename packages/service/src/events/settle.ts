import { InvalidEventError } from '@deepstyle/contracts';
import {
  DeepStyleError,
  type DeliveryVerdict,
  describeError,
  inSpan,
  type Logger,
  parseTraceparent,
  secondsSince,
  startSpan,
} from '@deepstyle/platform';
import type { Delivery, Outcome } from '@deepstyle/storage';

const BACKOFF_MS = [500, 2_000, 10_000, 30_000, 60_000] as const;

/** A durable's work with deliveries, as telemetry names it. */
export interface ObservedWork {
  readonly durable: string;
  /** How long the bus waits for an answer or a sign of life, ms. */
  readonly ackWaitMs: number;
  /** Failures before a message becomes a dead letter. */
  readonly maxFailures: number;
  /** Aborts when the process is asked to stop: what it cannot finish is given back, which is nothing to warn of. */
  readonly stopping: AbortSignal;
  /** Told what became of a delivery, and how long it took. */
  readonly measure: (outcome: Outcome['kind'], seconds: number) => void;
}

type SettledWork = Pick<ObservedWork, 'ackWaitMs' | 'maxFailures' | 'stopping'>;

/** Settles a delivery in a span of the trace that its message came with. */
export async function settleInSpan(
  work: ObservedWork,
  delivery: Delivery,
  logger: Logger,
  handle: () => Promise<void>,
): Promise<Outcome> {
  const startedAt = performance.now();
  const span = startSpan({
    name: `process ${delivery.subject}`,
    kind: 'consumer',
    parent: parseTraceparent(delivery.headers.traceparent),
    attributes: {
      'messaging.operation.type': 'process',
      'messaging.destination.name': delivery.subject,
      'messaging.consumer.group.name': work.durable,
      'messaging.message.id': delivery.id,
      'deepstyle.attempt': delivery.attempt,
    },
  });
  const failing = async (): Promise<void> => {
    try {
      await handle();
    } catch (error) {
      span.fail(error);
      throw error;
    }
  };
  const outcome = await inSpan(span, () => settle(work, delivery, logger, failing));
  span.set({ 'deepstyle.outcome': outcome.kind });
  span.end();
  work.measure(outcome.kind, secondsSince(startedAt));
  return outcome;
}

/** Runs a handler with its lease kept alive, and turns what it throws into the delivery's outcome. */
export async function settle(
  work: SettledWork,
  delivery: Delivery,
  logger: Logger,
  handle: () => Promise<void>,
): Promise<Outcome> {
  let isExtending = false;
  const extend = async (): Promise<void> => {
    // One at a time: behind a bus that is slower than they come they would heap up.
    if (isExtending) return;
    isExtending = true;
    try {
      await delivery.working();
    } catch (error) {
      const level = work.stopping.aborted ? 'debug' : 'warn';
      logger[level]({ error }, 'the lease could not be extended');
    }
    isExtending = false;
  };
  const lease = setInterval(() => void extend(), work.ackWaitMs / 3);
  try {
    await handle();
    return { kind: 'ack' };
  } catch (error) {
    return failureOutcome(error, work, delivery, logger);
  } finally {
    clearInterval(lease);
  }
}

function failureOutcome(
  error: unknown,
  { maxFailures, stopping }: SettledWork,
  delivery: Delivery,
  logger: Logger,
): Outcome {
  const { subject, id, attempt } = delivery;
  const failures = delivery.failures + 1;
  const fields = { subject, id, attempt, error };
  const delayMs = BACKOFF_MS[Math.min(attempt, BACKOFF_MS.length) - 1] ?? 60_000;
  switch (verdictOn(error)) {
    case 'ack':
      return { kind: 'ack' };
    case 'wait':
      // Work that a stopping process gave up has not failed, nor has what its stores closed on.
      if (stopping.aborted || codeOf(error) === 'CANCELLED')
        logger.info(fields, 'a message was given back');
      else if (codeOf(error) === 'ABORTED')
        logger.warn(fields, 'a message did not succeed this time and will be tried again');
      else logger.warn(fields, 'a message waits: what it needs is away');
      return { kind: 'wait', delayMs };
    case 'retry':
      if (failures < maxFailures) {
        logger.warn(
          { ...fields, failures, maxFailures },
          'a message failed and will be tried again',
        );
        return { kind: 'retry', delayMs, reason: describeError(error) };
      }
      logger.error({ ...fields, failures }, 'a message failed for the last time: a dead letter');
      return { kind: 'dead-letter', reason: `${describeError(error)} (${failures} failures)` };
    case 'dead-letter':
      logger.error(fields, 'a message became a dead letter');
      return { kind: 'dead-letter', reason: describeError(error) };
  }
}

const codeOf = (error: unknown) => DeepStyleError.from(error).code;

function verdictOn(error: unknown): DeliveryVerdict {
  return error instanceof InvalidEventError ? 'dead-letter' : DeepStyleError.from(error).verdict;
}
