import { z } from 'zod';
import { EVENTS, type EventType } from './catalogue.ts';

/** The JSON Schema (2020-12) of one event type's data, as published. */
export function eventSchema(type: EventType): object {
  const { data, summary } = EVENTS[type];
  return {
    ...z.toJSONSchema(data, { target: 'draft-2020-12' }),
    title: type,
    description: summary,
  };
}

/** The catalogue as an AsyncAPI 3.0 document; JSON is YAML, so it is written as `asyncapi.yaml` without a YAML library. */
export function asyncApiDocument(version: string): object {
  const types = Object.keys(EVENTS) as EventType[];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'DeepStyle events',
      version,
      description:
        'CloudEvents 1.0 in the NATS binding (binary mode: ce- headers, JSON body), on the stream EVENTS. Delivery is at least once: handle by natural keys.',
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(
      types.map((type) => [
        type,
        { address: type, messages: { [type]: { $ref: `#/components/messages/${type}` } } },
      ]),
    ),
    operations: Object.fromEntries(
      types.map((type) => [
        `publish ${type}`,
        { action: 'send', channel: { $ref: `#/channels/${type}` }, summary: EVENTS[type].summary },
      ]),
    ),
    components: {
      messages: Object.fromEntries(
        types.map((type) => [
          type,
          { name: type, summary: EVENTS[type].summary, payload: { $ref: `./${type}.schema.json` } },
        ]),
      ),
    },
  };
}
