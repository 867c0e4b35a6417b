import type { ServiceName } from '@deepstyle/contracts';
import { type DomainEvent, decodeEvent, type EventType } from '@deepstyle/contracts';
import { type Logger, recordMetric } from '@deepstyle/platform';
import type { Bus, Subscription } from '@deepstyle/storage';
import { settleInSpan } from './settle.ts';

/** How a service consumes events. The handler must do no harm when it sees an event twice or out of order. */
export interface Consumer<T extends EventType = EventType> {
  /** Part of the durable name; never change it, or the consumer starts from the beginning. */
  readonly name: string;
  readonly types: readonly T[];
  /** Events handled at once. */
  readonly concurrency: number;
  handle(event: { [K in T]: DomainEvent<K> }[T]): Promise<void>;
}

/** Keeps the event types in the handler's argument while consumers of all kinds stand in one list. */
export function consumer<T extends EventType>(definition: Consumer<T>): Consumer {
  return definition;
}

const ACK_WAIT_MS = 30_000;
const MAX_FAILURES = 8;

/** The name under which the bus keeps what a consumer has handled. */
export function consumerDurable(service: ServiceName, { name }: Consumer): string {
  return `${service}-${name}`;
}

export function startConsumer(
  bus: Bus,
  service: ServiceName,
  definition: Consumer,
  stopping: AbortSignal,
  logger: Logger,
): Promise<Subscription> {
  const durable = consumerDurable(service, definition);
  const work = {
    durable,
    ackWaitMs: ACK_WAIT_MS,
    maxFailures: MAX_FAILURES,
    stopping,
    measure: (outcome: string, seconds: number) =>
      recordMetric('eventDuration', { service, consumer: definition.name, outcome }, seconds),
  };
  return bus.subscribe(
    {
      stream: 'EVENTS',
      durable,
      subjects: definition.types,
      concurrency: definition.concurrency,
      ackWaitMs: ACK_WAIT_MS,
      maxFailures: MAX_FAILURES,
    },
    (delivery) =>
      settleInSpan(work, delivery, logger, () => definition.handle(decodeEvent(delivery))),
  );
}
