import { randomUUID } from 'node:crypto';
import { type EventData, type EventType, encodeEvent } from '@deepstyle/contracts';
import { currentTrace, isRecordingSpans, outgoingTraceparent, withSpan } from '@deepstyle/platform';
import type { Database, Message, Outbox, Transaction } from '@deepstyle/storage';
import { jobSubject } from './job.ts';

/** Events and jobs that leave with the transaction of the state they follow from. */
export interface ServiceOutbox {
  /** `id` makes a repetition recognizable: derive it from the natural key, e.g. `garments.ready:<run>`. */
  publish<T extends EventType>(
    tx: Transaction,
    type: T,
    data: EventData<T>,
    id?: string,
  ): Promise<void>;
  publishAll<T extends EventType>(
    tx: Transaction,
    type: T,
    events: readonly { readonly data: EventData<T>; readonly id?: string }[],
  ): Promise<void>;
  enqueue(tx: Transaction, kind: string, payload: object, id?: string): Promise<void>;
}

export function createServiceOutbox(outbox: Outbox, clock: () => Date): ServiceOutbox {
  return {
    publish: (tx, type, data, id) => add(tx, type, () => [event(type, data, id)]),
    publishAll: (tx, type, events) =>
      add(tx, type, () => events.map(({ data, id }) => event(type, data, id))),
    enqueue: (tx, kind, payload, id) =>
      add(tx, jobSubject(kind), () => [
        {
          subject: jobSubject(kind),
          id: id ?? randomUUID(),
          headers: { 'content-type': 'application/json', traceparent: outgoingTraceparent() },
          data: new TextEncoder().encode(JSON.stringify(payload)),
        },
      ]),
  };

  /** The messages are made in their span, so that it is the one that they carry on. */
  function add(tx: Transaction, subject: string, create: () => readonly Message[]): Promise<void> {
    const span = {
      name: `publish ${subject}`,
      kind: 'producer',
      parent: currentTrace(),
      attributes: { 'messaging.operation.type': 'create', 'messaging.destination.name': subject },
    } as const;
    return withSpan(span, () => outbox.add(tx, create()));
  }

  function event<T extends EventType>(type: T, data: EventData<T>, id: string | undefined) {
    return encodeEvent({
      type,
      data,
      time: clock(),
      traceparent: outgoingTraceparent(),
      ...(id === undefined ? {} : { id }),
    });
  }
}

/** The same database, whose commits wake the relay of the outbox instead of leaving it to its next poll. */
export function wakingOutbox(database: Database, outbox: Outbox): Database {
  return {
    schema: database.schema,
    transaction: async (holder, work, options) => {
      const result = await inTransactionSpan(holder, () =>
        database.transaction(holder, work, options),
      );
      outbox.notify();
      return result;
    },
    check: () => database.check(),
    close: () => database.close(),
  };
}

/** A span where the transaction belongs to a trace; what a service does by itself, at intervals, belongs to none. */
function inTransactionSpan<T>(holder: string, work: () => Promise<T>): Promise<T> {
  const parent = currentTrace();
  if (parent === null || !isRecordingSpans()) return work();
  const attributes = { 'db.system.name': 'postgresql' };
  return withSpan({ name: `transaction ${holder}`, kind: 'client', parent, attributes }, work);
}
