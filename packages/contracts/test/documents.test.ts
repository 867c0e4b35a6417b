import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { asyncApiDocument, EVENTS, type EventType, eventSchema } from '../src/index.ts';

const published = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../gen/events/${name}`, import.meta.url), 'utf8'));

test.each(Object.keys(EVENTS) as EventType[])(
  'the published schema of %s is the catalogue’s',
  (type) => {
    expect(published(`${type}.schema.json`)).toEqual(JSON.parse(JSON.stringify(eventSchema(type))));
  },
);

test('asyncapi.yaml names every event', () => {
  expect(published('asyncapi.yaml')).toEqual(JSON.parse(JSON.stringify(asyncApiDocument('1.0.0'))));
});
