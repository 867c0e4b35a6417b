import { readFileSync } from 'node:fs';
import specs from '@asyncapi/specs';
import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { Ajv2020, type Schema } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { asyncApiDocument, EVENTS, type EventType, eventSchema } from '../src/index.ts';
import { encodedAnew, STORED_EVENT_CASES } from './stored-events.ts';

interface Document {
  readonly components: {
    readonly messages: Record<EventType, { readonly headers: { readonly schema: Schema } }>;
  };
}

const published = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../gen/events/${name}`, import.meta.url), 'utf8'));
const document = published('asyncapi.yaml');

test.each(Object.keys(EVENTS) as EventType[])(
  'the published schema of %s is the catalogue’s',
  (type) => {
    expect(published(`${type}.schema.json`)).toEqual(JSON.parse(JSON.stringify(eventSchema(type))));
  },
);

test('asyncapi.yaml names every event', () => {
  expect(document).toEqual(JSON.parse(JSON.stringify(asyncApiDocument())));
  expect(document).toMatchObject({ channels: Object.fromEntries(addresses()) });
});

test('asyncapi.yaml is an AsyncAPI 3.0 document', () => {
  const validator = formats.default(new Ajv({ strict: false, allErrors: true }));
  const isValid = validator.compile(specs.schemasWithoutId['3.0.0'] as Schema);
  isValid(document);
  expect(isValid.errors).toBeNull();
  expect(isValid({ ...(document as Document), channels: { one: { adress: 'one' } } })).toBe(false);
});

test('every reference in asyncapi.yaml leads somewhere', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)];
  expect(references.length).toBeGreaterThan(0);
  for (const [, reference = ''] of references)
    expect([reference, resolved(reference)]).not.toContain(undefined);
});

test.each(STORED_EVENT_CASES)('the published schema takes a %s, old and new', (type, stored) => {
  const isValid = strictValidator().compile(published(`${type}.schema.json`) as Schema);
  const { data } = encodedAnew(stored);
  for (const json of [stored.json, parsed(data), { ...parsed(data), addedLater: 1 }]) {
    isValid(json);
    expect(isValid.errors).toBeNull();
  }
});

test.each(STORED_EVENT_CASES)('the headers of a %s are as asyncapi.yaml says', (type, stored) => {
  const { schema } = (document as Document).components.messages[type].headers;
  const { headers, id } = encodedAnew(stored);
  const isValid = strictValidator().compile(schema);
  isValid({ ...headers, 'Nats-Msg-Id': id });
  expect(isValid.errors).toBeNull();
  expect(isValid({ ...headers, 'ce-type': 'another', 'Nats-Msg-Id': id })).toBe(false);
});

function addresses(): [string, object][] {
  return Object.keys(EVENTS).map((type) => [type, { address: type }]);
}

function strictValidator(): Ajv2020 {
  return formats.default(new Ajv2020({ allErrors: true }));
}

function parsed(data: Uint8Array): object {
  return JSON.parse(new TextDecoder().decode(data)) as object;
}

/** What a reference in the document leads to: a part of it, or a file beside it. */
function resolved(reference: string): unknown {
  if (!reference.startsWith('#/')) return published(reference.slice('./'.length));
  return reference
    .slice('#/'.length)
    .split('/')
    .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document);
}
