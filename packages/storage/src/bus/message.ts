import { createHash } from 'node:crypto';
import { InvalidMessageError, MessageTooLargeError } from '../errors.ts';
import type { Message, StreamName } from './bus.ts';

/** Bytes of headers and data together: the 1 MiB that NATS allows by default, less what a dead letter adds to it. */
export const MESSAGE_LIMIT_BYTES = 1_048_576 - 8192;
/** A second publish of an id within this time is dropped. */
export const DUPLICATE_WINDOW_MS = 120_000;

/** What each stream takes, as NATS subject filters. */
export const STREAM_SUBJECTS = {
  EVENTS: 'deepstyle.*.*.v1',
  JOBS: 'deepstyle.jobs.*',
} as const satisfies Record<StreamName, string>;

const TOKEN = '[A-Za-z0-9_-]+';
const PATTERNS = {
  EVENTS: new RegExp(`^deepstyle\\.${TOKEN}\\.${TOKEN}\\.v1$`),
  JOBS: new RegExp(`^deepstyle\\.jobs\\.${TOKEN}$`),
} as const;
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
// Printable ASCII, as header values travel as one line.
const HEADER_VALUE = /^[\x20-\x7e]*$/;

export function isSubjectOf(stream: StreamName, subject: string): boolean {
  return PATTERNS[stream].test(subject);
}

/** @throws InvalidMessageError where no stream takes the subject */
export function streamOf(subject: string): StreamName {
  if (isSubjectOf('EVENTS', subject)) return 'EVENTS';
  if (isSubjectOf('JOBS', subject)) return 'JOBS';
  throw new InvalidMessageError(
    subject,
    `subjects are ${STREAM_SUBJECTS.EVENTS} for events and ${STREAM_SUBJECTS.JOBS} for jobs.`,
  );
}

/** As it stands on the wire: a line per header. */
export function messageBytes(message: Message): number {
  let bytes = message.data.byteLength + message.id.length + 32;
  for (const [name, value] of Object.entries(message.headers))
    bytes += name.length + value.length + 4;
  return bytes;
}

/** @throws InvalidMessageError, MessageTooLargeError */
export function checkMessage(message: Message): void {
  const { subject, id, headers } = message;
  streamOf(subject);
  if (id.length < 1 || id.length > 200 || !HEADER_VALUE.test(id)) {
    throw new InvalidMessageError(subject, 'an id is 1 to 200 printable ASCII characters.');
  }
  for (const [name, value] of Object.entries(headers)) {
    if (!HEADER_NAME.test(name) || /^nats-/i.test(name)) {
      throw new InvalidMessageError(subject, `${JSON.stringify(name)} cannot name a header.`);
    }
    if (!HEADER_VALUE.test(value) || value !== value.trim()) {
      throw new InvalidMessageError(
        subject,
        `the header ${name} holds more than printable ASCII, or begins or ends with a space; encode it.`,
      );
    }
  }
  const bytes = messageBytes(message);
  if (bytes > MESSAGE_LIMIT_BYTES)
    throw new MessageTooLargeError(subject, bytes, MESSAGE_LIMIT_BYTES);
}

const RETRY_MARK = '~retry-';

/**
 * The id under which a dead letter's message is published again: the same for each retry of one letter, so that a repeated
 * one is a duplicate, and another where the retried message became a letter again.
 */
export function retryId(messageId: string, letterId: string): string {
  const original = messageId.split(RETRY_MARK, 1)[0] ?? messageId;
  const mark = createHash('sha256').update(letterId).digest('hex').slice(0, 16);
  return `${original.slice(0, 170)}${RETRY_MARK}${mark}`;
}
