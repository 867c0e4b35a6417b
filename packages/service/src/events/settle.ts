import { InvalidEventError } from '@deepstyle/contracts';
import {
  DeepStyleError,
  describeError,
  ERROR_TABLE,
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
  /** Told what became of a delivery, and how long it took. */
  readonly measure: (outcome: Outcome['kind'], seconds: number) => void;
}

/** Settles a delivery in a span of the trace that its message came with. */
export async function settleInSpan(
  work: ObservedWork,
  delivery: Delivery,
  ackWaitMs: number,
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
  const outcome = await inSpan(span, () => settle(delivery, ackWaitMs, logger, failing));
  span.set({ 'deepstyle.outcome': outcome.kind });
  span.end();
  work.measure(outcome.kind, secondsSince(startedAt));
  return outcome;
}

/** Runs a handler with its lease kept alive, and turns what it throws into the delivery's outcome. */
export async function settle(
  delivery: Delivery,
  ackWaitMs: number,
  logger: Logger,
  handle: () => Promise<void>,
): Promise<Outcome> {
  const lease = setInterval(() => {
    delivery
      .working()
      .catch((error: unknown) => logger.warn({ error }, 'the lease could not be extended'));
  }, ackWaitMs / 3);
  try {
    await handle();
    return { kind: 'ack' };
  } catch (error) {
    return failureOutcome(error, delivery, logger);
  } finally {
    clearInterval(lease);
  }
}

function failureOutcome(error: unknown, delivery: Delivery, logger: Logger): Outcome {
  const fields = { subject: delivery.subject, id: delivery.id, attempt: delivery.attempt, error };
  const verdict =
    error instanceof InvalidEventError
      ? 'dead-letter'
      : ERROR_TABLE[DeepStyleError.from(error).code].delivery;
  if (verdict === 'ack') return { kind: 'ack' };
  if (verdict === 'dead-letter') {
    logger.error(fields, 'a message became a dead letter');
    return { kind: 'dead-letter', reason: describeError(error) };
  }
  // Work that a stopping process gave up has not failed.
  if (error instanceof DeepStyleError && error.code === 'CANCELLED')
    logger.info(fields, 'a message was given back');
  else logger.warn(fields, 'a message failed and will be tried again');
  const delayMs = BACKOFF_MS[Math.min(delivery.attempt, BACKOFF_MS.length) - 1] ?? 60_000;
  return { kind: 'retry', delayMs };
}
