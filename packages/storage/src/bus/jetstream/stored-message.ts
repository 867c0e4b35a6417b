import type { StoredMsg } from '@nats-io/jetstream';
import type { StoredMessage } from '../bus.ts';
import { fromNatsHeaders, idOf } from './message-headers.ts';

/** A message as it lies in its stream. */
export function toStoredMessage({ subject, seq, header, data, time }: StoredMsg): StoredMessage {
  return {
    subject,
    id: idOf(header, seq),
    headers: fromNatsHeaders(header),
    data,
    sequence: seq,
    storedAt: time,
  };
}
