import { readFileSync } from 'node:fs';
import { decodeEvent, type EventMessage, type EventType, encodeEvent } from '../src/index.ts';

interface StoredEvent extends EventMessage {
  readonly subject: EventType;
  readonly json: unknown;
}

interface StoredText {
  readonly subject: EventType;
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly data: string;
}

const url = new URL('fixtures/events-1.0.0.json', import.meta.url);
const texts = JSON.parse(readFileSync(url, 'utf8')) as readonly StoredText[];

/** One event of each type, as the catalogue 1.0.0 wrote them: without global ids. Never write the fixture anew. */
export const STORED_EVENTS: readonly StoredEvent[] = texts.map((event) => ({
  ...event,
  data: new TextEncoder().encode(event.data),
  json: JSON.parse(event.data) as unknown,
}));

export const STORED_EVENT_CASES = STORED_EVENTS.map((event) => [event.subject, event] as const);

/** A stored event as today's catalogue writes it. */
export function encodedAnew(stored: EventMessage): EventMessage {
  const { type, data } = decodeEvent(stored);
  return encodeEvent({ type, data });
}
