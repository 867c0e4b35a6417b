import {
  type DomainEvent,
  decodeEvent,
  type EventType,
  InvalidEventError,
} from '@deepstyle/contracts';
import {
  DeepStyleError,
  describeError,
  ERROR_TABLE,
  type Logger,
  withTrace,
} from '@deepstyle/platform';
import type { Bus, Delivery, Outcome, Subscription } from '@deepstyle/storage';

/** How a service consumes events. The handler must do no harm when it sees an event twice or out of order. */
export interface Consumer<T extends EventType = EventType> {
  /** Part of the durable name; never change it, or the consumer starts from the beginning. */
  readonly name: string;
  readonly types: readonly T[];
  /** Events handled at once. */
  readonly concurrency: number;
  readonly handle: (event: { [K in T]: DomainEvent<K> }[T]) => Promise<void>;
}

/** Keeps the event types in the handler's argument while consumers of all kinds stand in one list. */
export function consumer<T extends EventType>(definition: Consumer<T>): Consumer {
  return definition as unknown as Consumer;
}

const ACK_WAIT_MS = 30_000;
const MAX_DELIVERIES = 8;
const BACKOFF_MS = [500, 2_000, 10_000, 30_000, 60_000] as const;

export function startConsumer(
  bus: Bus,
  service: string,
  definition: Consumer,
  logger: Logger,
): Promise<Subscription> {
  return bus.subscribe(
    {
      stream: 'EVENTS',
      durable: `${service}-${definition.name}`,
      subjects: definition.types,
      concurrency: definition.concurrency,
      ackWaitMs: ACK_WAIT_MS,
      maxDeliveries: MAX_DELIVERIES,
    },
    (delivery) =>
      withTrace(delivery.headers.traceparent, () =>
        settle(delivery, ACK_WAIT_MS, logger, () => definition.handle(decodeEvent(delivery))),
      ),
  );
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
