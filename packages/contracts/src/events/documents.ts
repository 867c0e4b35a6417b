import { z } from 'zod';
import { EVENTS, type EventType } from './catalogue.ts';

/** Of the catalogue as a whole: the minor number grows with new fields and types. */
const VERSION = '1.1.0';
const SCHEMA_FORMAT = 'application/schema+json;version=2020-12';

/**
 * The JetStream streams as they are made where they are missing. AsyncAPI's NATS bindings have no word for a stream, so
 * these stand in an extension.
 */
const STREAMS = {
  EVENTS: {
    description:
      'Events. Each consumer reads them all; a new one begins at the oldest kept. What every durable has acknowledged is ' +
      'kept for 14 days and half of the size at most; what one has not is never dropped, so delete a durable that is no ' +
      'longer read, or give it an inactive_threshold.',
    subjects: ['deepstyle.*.*.v1'],
    retention: 'limits',
    maxBytes: 2 ** 30,
    discard: 'new',
    duplicateWindowSeconds: 120,
  },
  JOBS: {
    description: 'Work that one worker of the service takes; private to the service.',
    subjects: ['deepstyle.jobs.*'],
    retention: 'workqueue',
    duplicateWindowSeconds: 120,
  },
} as const;

/**
 * The JSON Schema (2020-12) of one event type's data, as published. It is the reader's side: fields that are not named
 * are allowed, for a later version may add them.
 */
export function eventSchema(type: EventType): object {
  const { data, summary } = EVENTS[type];
  return {
    ...z.toJSONSchema(data, { target: 'draft-2020-12', io: 'input' }),
    title: type,
    description: summary,
  };
}

/** The catalogue as an AsyncAPI 3.0 document; JSON is YAML, so it is written as `asyncapi.yaml` without a YAML library. */
export function asyncApiDocument(): object {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'DeepStyle events',
      version: VERSION,
      description:
        'CloudEvents 1.0 in the NATS binding (binary mode: ce- headers, JSON body). Delivery is at least once: handle ' +
        'by natural keys. Ignore fields that you do not know: later versions add some.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      nats: {
        host: '{host}:{port}',
        protocol: 'nats',
        description:
          'NATS 2.10 or later with JetStream. A process that runs alone has its own bus instead.',
        variables: {
          host: { default: 'localhost', description: 'The host in the setting NATS_URL' },
          port: { default: '4222', description: 'The port in the setting NATS_URL' },
        },
      },
    },
    channels: perType((type) => ({
      address: type,
      summary: EVENTS[type].summary,
      servers: [{ $ref: '#/servers/nats' }],
      messages: { [type]: { $ref: `#/components/messages/${type}` } },
      'x-jetstream-stream': 'EVENTS',
    })),
    operations: perType((type) => ({
      action: 'send',
      channel: { $ref: `#/channels/${type}` },
      messages: [{ $ref: `#/channels/${type}/messages/${type}` }],
      summary: `Published by the ${EVENTS[type].source}.`,
    })),
    components: { messages: perType(messageObject) },
    'x-jetstream-streams': STREAMS,
  };
}

function perType(describe: (type: EventType) => object): Record<string, object> {
  const types = Object.keys(EVENTS) as EventType[];
  return Object.fromEntries(types.map((type) => [type, describe(type)]));
}

function messageObject(type: EventType): object {
  return {
    name: type,
    summary: EVENTS[type].summary,
    contentType: 'application/json',
    headers: { schemaFormat: SCHEMA_FORMAT, schema: headersSchema(type) },
    payload: { schemaFormat: SCHEMA_FORMAT, schema: { $ref: `./${type}.schema.json` } },
  };
}

/** What `encodeEvent` writes, and what the bus adds. */
function headersSchema(type: EventType): object {
  const properties = {
    'ce-specversion': { const: '1.0' },
    'ce-id': {
      type: 'string',
      minLength: 1,
      description: 'The same for a repetition of the event',
    },
    'ce-type': { const: type },
    'ce-source': { const: `/deepstyle/${EVENTS[type].source}` },
    'ce-time': { type: 'string', format: 'date-time' },
    'content-type': { const: 'application/json' },
    'Nats-Msg-Id': {
      type: 'string',
      minLength: 1,
      description: 'JetStream drops a message whose id it took within the duplicate window',
    },
  };
  const traceparent = { type: 'string', description: 'W3C trace context of the cause' };
  return {
    type: 'object',
    required: Object.keys(properties),
    properties: { ...properties, traceparent },
  };
}
