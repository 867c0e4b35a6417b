import { randomUUID } from 'node:crypto';
import { type EventData, type EventType, encodeEvent } from '@deepstyle/contracts';
import { outgoingTraceparent } from '@deepstyle/platform';
import type { Outbox, Transaction } from '@deepstyle/storage';
import { jobSubject } from './job.ts';

/** Events and jobs that leave with the transaction of the state they follow from. */
export interface ServiceOutbox {
  /** `id` makes a repetition recognisable: derive it from the natural key, e.g. `garments.ready:<run>`. */
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
    publish: (tx, type, data, id) => outbox.add(tx, [event(type, data, id)]),
    publishAll: (tx, type, events) =>
      outbox.add(
        tx,
        events.map(({ data, id }) => event(type, data, id)),
      ),
    enqueue: (tx, kind, payload, id) =>
      outbox.add(tx, [
        {
          subject: jobSubject(kind),
          id: id ?? randomUUID(),
          headers: { 'content-type': 'application/json', traceparent: outgoingTraceparent() },
          data: new TextEncoder().encode(JSON.stringify(payload)),
        },
      ]),
  };

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
