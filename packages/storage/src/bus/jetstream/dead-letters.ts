import { randomUUID } from 'node:crypto';
import {
  DeliverPolicy,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
} from '@nats-io/jetstream';
import { DeadLetterNotFoundError } from '../../errors.ts';
import type { DeadLetter, Message, StoredMessage, StreamName } from '../bus.ts';
import { retryId } from '../message.ts';
import { API_CODES, apiCode } from './failures.ts';
import { fromNatsHeaders, idOf, toNatsHeaders } from './message-headers.ts';
import { DEAD_LETTERS, deadLetterSubject } from './streams.ts';

/** What a record says besides the message's own headers; the values are percent-encoded. */
const FIELDS = {
  subject: 'DeepStyle-Subject',
  id: 'DeepStyle-Id',
  sequence: 'DeepStyle-Sequence',
  storedAt: 'DeepStyle-Stored-At',
  attempts: 'DeepStyle-Attempts',
  reason: 'DeepStyle-Reason',
} as const;

const LONGEST_REASON = 500;
const LISTED = 1000;

interface FoundLetter extends DeadLetter {
  /** Where it lies in the stream of dead letters. */
  readonly place: number;
}

interface Advisory {
  readonly stream: StreamName;
  readonly consumer: string;
  readonly stream_seq: number;
  readonly deliveries: number;
}

/** The dead letters of all durables, in a stream of their own. */
export function createDeadLetters(client: JetStreamClient, manager: JetStreamManager) {
  return {
    async bury(durable: string, message: JsMsg, reason: string): Promise<void> {
      const stream = message.info.stream as StreamName;
      const fields = {
        [FIELDS.subject]: message.subject,
        [FIELDS.id]: idOf(message.headers, message.seq),
        [FIELDS.sequence]: String(message.seq),
        [FIELDS.storedAt]: message.time.toISOString(),
        [FIELDS.attempts]: String(message.info.deliveryCount),
        [FIELDS.reason]: encodeURIComponent(reason.slice(0, LONGEST_REASON)),
      };
      await client.publish(deadLetterSubject(stream, durable), message.data, {
        msgID: letterId(stream, durable, message.seq),
        headers: toNatsHeaders({ ...fromNatsHeaders(message.headers), ...fields }),
      });
    },

    async list(): Promise<readonly FoundLetter[]> {
      const letters = new Map<string, FoundLetter>();
      for (const message of await readAll(client, manager)) {
        const letter = message.subject.startsWith('$JS.')
          ? await fromAdvisory(manager, message)
          : fromRecord(message);
        if (letter !== null && !letters.has(letter.id)) letters.set(letter.id, letter);
      }
      return [...letters.values()];
    },

    async retry(id: string, publish: (message: Message) => Promise<unknown>): Promise<void> {
      const letter = (await this.list()).find((each) => each.id === id);
      if (letter === undefined) throw new DeadLetterNotFoundError(id);
      const { subject, headers, data, id: messageId } = letter.message;
      await publish({ subject, headers, data, id: retryId(messageId, randomUUID()) });
      await manager.streams.deleteMessage(DEAD_LETTERS, letter.place, false);
      // A job whose deliveries ran out still lies in its queue.
      if (letter.stream === 'JOBS') await deleteQuietly(manager, letter.message.sequence);
    },
  };
}

function letterId(stream: StreamName, durable: string, sequence: number): string {
  return `${stream}.${durable}.${sequence}`;
}

async function deleteQuietly(manager: JetStreamManager, sequence: number): Promise<void> {
  await manager.streams.deleteMessage('JOBS', sequence, false).catch((error: unknown) => {
    if (apiCode(error) === null) throw error;
  });
}

async function readAll(client: JetStreamClient, manager: JetStreamManager): Promise<JsMsg[]> {
  const { state } = await manager.streams.info(DEAD_LETTERS);
  if (state.messages === 0) return [];
  const consumer = await client.consumers.get(DEAD_LETTERS, {
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: Math.max(1, state.last_seq - LISTED + 1),
  });
  const found: JsMsg[] = [];
  const messages = await consumer.consume();
  for await (const message of messages) {
    found.push(message);
    if (message.info.pending === 0) break;
  }
  await consumer.delete();
  return found;
}

function fromRecord(record: JsMsg): FoundLetter {
  const all = fromNatsHeaders(record.headers);
  const own = new Set<string>(Object.values(FIELDS));
  const [, stream, durable] = record.subject.split('.') as [string, StreamName, string];
  const sequence = Number(all[FIELDS.sequence]);
  return {
    id: letterId(stream, durable, sequence),
    stream,
    durable,
    message: {
      subject: all[FIELDS.subject] ?? '',
      id: all[FIELDS.id] ?? '',
      headers: Object.fromEntries(Object.entries(all).filter(([name]) => !own.has(name))),
      data: record.data,
      sequence,
      storedAt: new Date(all[FIELDS.storedAt] ?? 0),
    },
    attempts: Number(all[FIELDS.attempts]),
    reason: decodeURIComponent(all[FIELDS.reason] ?? ''),
    at: record.time,
    place: record.seq,
  };
}

/** Null where the message itself is gone: nothing is left to read or to retry. */
async function fromAdvisory(manager: JetStreamManager, record: JsMsg): Promise<FoundLetter | null> {
  const advisory = record.json<Advisory>();
  const { stream, consumer: durable, stream_seq: sequence, deliveries: attempts } = advisory;
  const message = await readMessage(manager, stream, sequence);
  if (message === null) return null;
  return {
    id: letterId(stream, durable, sequence),
    stream,
    durable,
    message,
    attempts,
    reason: `no answer after ${attempts} deliveries`,
    at: record.time,
    place: record.seq,
  };
}

async function readMessage(
  manager: JetStreamManager,
  stream: StreamName,
  sequence: number,
): Promise<StoredMessage | null> {
  const found = await manager.streams
    .getMessage(stream, { seq: sequence })
    .catch((error: unknown) => {
      if (apiCode(error) === API_CODES.noMessage) return null;
      throw error;
    });
  if (found === null) return null;
  return {
    subject: found.subject,
    id: idOf(found.header, sequence),
    headers: fromNatsHeaders(found.header),
    data: found.data,
    sequence,
    storedAt: found.time,
  };
}
