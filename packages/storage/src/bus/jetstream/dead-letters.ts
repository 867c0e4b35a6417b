import type {
  JetStreamClient,
  JetStreamManager,
  JsMsg,
  NextMsgRequest,
  SeqMsgRequest,
  StoredMsg,
} from '@nats-io/jetstream';
import { DeadLetterNotFoundError } from '../../errors.ts';
import type { Bus, DeadLetter, DeadLetterCount, Message, StreamName } from '../bus.ts';
import { retryId } from '../message.ts';
import { apiCode } from './failures.ts';
import { fromNatsHeaders, idOf, toNatsHeaders } from './message-headers.ts';
import { toStoredMessage } from './stored-message.ts';
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

const MAX_REASON = 500;

/** A message by its sequence; with a subject, the first one from there on. */
type Place = SeqMsgRequest & Partial<NextMsgRequest>;

interface Advisory {
  readonly stream: StreamName;
  readonly consumer: string;
  readonly stream_seq: number;
  readonly deliveries: number;
}

/** The dead letters of all durables, in a stream of their own; a letter's place is its sequence there. */
export function createDeadLetters(client: JetStreamClient, manager: JetStreamManager) {
  /** @throws DeadLetterNotFoundError */
  async function existing(id: string): Promise<DeadLetter> {
    const letter = await readLetter(manager, id);
    if (letter === null) throw new DeadLetterNotFoundError(id);
    return letter;
  }

  async function drop({ stream, message, place }: DeadLetter): Promise<void> {
    // A job that the server gave up, or that was to leave its queue when the connection broke, still lies there.
    if (stream === 'JOBS') await removeJob(manager, message);
    await remove(manager, DEAD_LETTERS, place);
  }

  return {
    async bury(durable: string, message: JsMsg, reason: string): Promise<void> {
      const stream = message.info.stream as StreamName;
      const fields = {
        [FIELDS.subject]: message.subject,
        [FIELDS.id]: idOf(message.headers, message.seq),
        [FIELDS.sequence]: String(message.seq),
        [FIELDS.storedAt]: message.time.toISOString(),
        [FIELDS.attempts]: String(message.info.deliveryCount),
        [FIELDS.reason]: encodeURIComponent(reason.slice(0, MAX_REASON)),
      };
      await client.publish(deadLetterSubject(stream, durable), message.data, {
        msgID: `${stream}.${durable}.${message.seq}`,
        headers: toNatsHeaders({ ...fromNatsHeaders(message.headers), ...fields }),
      });
    },

    async list({ after, limit }: Parameters<Bus['deadLetters']>[0]): Promise<DeadLetter[]> {
      const letters: DeadLetter[] = [];
      let place = after;
      while (letters.length < limit) {
        const record = await readRecord(manager, { seq: place + 1, next_by_subj: '>' });
        if (record === null) break;
        place = record.seq;
        const letter = await toLetter(manager, record);
        if (letter !== null) letters.push(letter);
        else await remove(manager, DEAD_LETTERS, place);
      }
      return letters;
    },

    read: (id: string) => readLetter(manager, id),

    async count(): Promise<DeadLetterCount[]> {
      const { state } = await manager.streams.info(DEAD_LETTERS, { subjects_filter: '>' });
      const counts = new Map<string, DeadLetterCount>();
      for (const [subject, found] of Object.entries(state.subjects ?? {})) {
        // Those of records and of advisories end alike.
        const [stream, durable] = subject.split('.').slice(-2) as [StreamName, string];
        const { count } = counts.get(`${stream}.${durable}`) ?? { count: 0 };
        counts.set(`${stream}.${durable}`, { stream, durable, count: count + found });
      }
      return [...counts.values()];
    },

    async retry(id: string, publish: (message: Message) => Promise<unknown>): Promise<void> {
      const letter = await existing(id);
      const { subject, headers, data, id: messageId } = letter.message;
      await publish({ subject, headers, data, id: retryId(messageId, id) });
      await drop(letter);
    },

    async drop(id: string): Promise<void> {
      await drop(await existing(id));
    },
  };
}

const LETTER_ID = /^(?:EVENTS|JOBS)\.[a-z0-9-]+\.([1-9]\d{0,14})$/;

async function readLetter(manager: JetStreamManager, id: string): Promise<DeadLetter | null> {
  const place = LETTER_ID.exec(id)?.[1];
  if (place === undefined) return null;
  const record = await readRecord(manager, { seq: Number(place) });
  const letter = record && (await toLetter(manager, record));
  return letter?.id === id ? letter : null;
}

function readRecord(manager: JetStreamManager, request: Place): Promise<StoredMsg | null> {
  return manager.streams.getMessage(DEAD_LETTERS, request);
}

/** Null where nothing of it is left to read or to retry. */
async function toLetter(manager: JetStreamManager, record: StoredMsg): Promise<DeadLetter | null> {
  return record.subject.startsWith('$JS.') ? fromAdvisory(manager, record) : fromRecord(record);
}

function fromRecord(record: StoredMsg): DeadLetter {
  const all = fromNatsHeaders(record.header);
  const own = new Set<string>(Object.values(FIELDS));
  const [, stream, durable] = record.subject.split('.') as [string, StreamName, string];
  return {
    ...placed(stream, durable, record),
    message: {
      subject: all[FIELDS.subject] ?? '',
      id: all[FIELDS.id] ?? '',
      headers: Object.fromEntries(Object.entries(all).filter(([name]) => !own.has(name))),
      data: record.data,
      sequence: Number(all[FIELDS.sequence]),
      storedAt: new Date(all[FIELDS.storedAt] ?? 0),
    },
    attempts: Number(all[FIELDS.attempts]),
    reason: decodeURIComponent(all[FIELDS.reason] ?? ''),
  };
}

/** The server's own word, of consumers whose deliveries were limited; the message is where it was. */
async function fromAdvisory(
  manager: JetStreamManager,
  record: StoredMsg,
): Promise<DeadLetter | null> {
  const advisory = record.json<Advisory>();
  const { stream, consumer: durable, stream_seq: sequence, deliveries: attempts } = advisory;
  const found = await manager.streams.getMessage(stream, { seq: sequence });
  if (found === null) return null;
  return {
    ...placed(stream, durable, record),
    message: toStoredMessage(found),
    attempts,
    reason: `no answer after ${attempts} deliveries`,
  };
}

function placed(stream: StreamName, durable: string, { seq, time }: StoredMsg) {
  return { id: `${stream}.${durable}.${seq}`, place: seq, stream, durable, at: time };
}

/** A queue that was made anew counts from 1 again: what lies in the job's place may be another one. */
async function removeJob(
  manager: JetStreamManager,
  { id, sequence }: DeadLetter['message'],
): Promise<void> {
  const found = await manager.streams.getMessage('JOBS', { seq: sequence });
  if (found !== null && idOf(found.header, sequence) === id)
    await remove(manager, 'JOBS', sequence);
}

async function remove(manager: JetStreamManager, stream: string, sequence: number): Promise<void> {
  try {
    await manager.streams.deleteMessage(stream, sequence, false);
  } catch (error) {
    // Another process may have been faster.
    if (apiCode(error) === null) throw error;
    if ((await manager.streams.getMessage(stream, { seq: sequence })) !== null) throw error;
  }
}
