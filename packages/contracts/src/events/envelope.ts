import { randomUUID } from 'node:crypto';
import { EVENTS, type EventData, type EventType } from './catalogue.ts';
import { globalIdFill } from './global-id-fields.ts';

/** A CloudEvents 1.0 event of the catalogue. */
export interface DomainEvent<T extends EventType = EventType> {
  readonly id: string;
  readonly type: T;
  readonly source: string;
  readonly time: string;
  readonly data: EventData<T>;
  /** W3C trace context of the cause. */
  readonly traceparent?: string;
}

/** Any event of the catalogue; `type` tells which. */
export type AnyEvent = { [T in EventType]: DomainEvent<T> }[EventType];

/** What a bus message is made of; the same shape as storage's Message. */
export interface EventMessage {
  readonly subject: string;
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly data: Uint8Array;
}

/** The data of an event does not fit the catalogue. `retryable` it is not: the message is a dead letter. */
export class InvalidEventError extends Error {
  readonly code = 'INVALID_EVENT';

  constructor(subject: string, problem: string) {
    super(`An event on ${subject} does not fit the catalogue: ${problem}`);
    this.name = 'InvalidEventError';
  }
}

const FILLS = Object.fromEntries(
  Object.entries(EVENTS).map(([type, { data }]) => [type, globalIdFill(data)]),
);

export function isEventType(text: string): text is EventType {
  return Object.hasOwn(EVENTS, text);
}

/**
 * An event as a bus message: CloudEvents 1.0, NATS protocol binding, binary mode (attributes in `ce-` headers, data as
 * the body). `id` makes a repeated publish recognizable; give one derived from the cause where the same cause may be
 * handled twice.
 *
 * @throws InvalidEventError where the data does not fit the catalogue
 */
export function encodeEvent<T extends EventType>(event: {
  readonly type: T;
  readonly data: EventData<T>;
  readonly id?: string;
  readonly time?: Date;
  readonly traceparent?: string;
}): EventMessage {
  const entry = EVENTS[event.type];
  const parsed = entry.data.safeParse(event.data);
  if (!parsed.success) throw new InvalidEventError(event.type, parsed.error.message);
  FILLS[event.type]?.(parsed.data);
  const id = event.id ?? randomUUID();
  return {
    subject: event.type,
    id,
    headers: {
      'ce-specversion': '1.0',
      'ce-id': id,
      'ce-type': event.type,
      'ce-source': `/deepstyle/${entry.source}`,
      'ce-time': (event.time ?? new Date()).toISOString(),
      'content-type': 'application/json',
      ...(event.traceparent === undefined ? {} : { traceparent: event.traceparent }),
    },
    data: new TextEncoder().encode(JSON.stringify(parsed.data)),
  };
}

/**
 * The event in a bus message, checked against the catalogue.
 *
 * @throws InvalidEventError for an unknown type, unreadable JSON or data that does not fit
 */
export function decodeEvent(message: EventMessage): AnyEvent {
  if (!isEventType(message.subject))
    throw new InvalidEventError(message.subject, 'the type is unknown');
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(message.data));
  } catch (error) {
    throw new InvalidEventError(
      message.subject,
      `the body is not JSON (${(error as Error).message})`,
    );
  }
  const parsed = EVENTS[message.subject].data.safeParse(json);
  if (!parsed.success) throw new InvalidEventError(message.subject, parsed.error.message);
  const { headers } = message;
  return {
    id: headers['ce-id'] ?? message.id,
    type: message.subject,
    source: headers['ce-source'] ?? '',
    time: headers['ce-time'] ?? '',
    data: parsed.data as EventData<EventType>,
    ...(headers.traceparent === undefined ? {} : { traceparent: headers.traceparent }),
  } as AnyEvent;
}
