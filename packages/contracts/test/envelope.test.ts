import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  decodeEvent,
  EVENTS,
  type EventData,
  encodeEvent,
  InvalidEventError,
} from '../src/index.ts';

const TYPE = 'deepstyle.garments.ready.v1';
const DATA: EventData<typeof TYPE> = {
  run: {
    id: '7f9c24e5-2f8b-4d6e-9a51-3b2c1d0e4f5a',
    season: 'FW2019',
    brand: null,
    detector: 'none',
    gan: { steps: null, skip: false },
  },
  photos: 3,
  failedPhotos: 1,
  garments: 2,
};

test('an event travels as a CloudEvent in binary mode and comes back equal', () => {
  const message = encodeEvent({
    type: TYPE,
    data: DATA,
    id: 'garments.ready:1',
    time: new Date(0),
    traceparent: 't',
  });
  expect(message.headers).toEqual({
    'ce-specversion': '1.0',
    'ce-id': 'garments.ready:1',
    'ce-type': TYPE,
    'ce-source': '/deepstyle/cropper',
    'ce-time': '1970-01-01T00:00:00.000Z',
    'content-type': 'application/json',
    traceparent: 't',
  });
  expect(decodeEvent(message)).toMatchObject({
    id: 'garments.ready:1',
    type: TYPE,
    data: DATA,
    traceparent: 't',
  });
});

test('data that does not fit the catalogue is not published', () => {
  expect(() => encodeEvent({ type: TYPE, data: { ...DATA, photos: -1 } })).toThrow(
    InvalidEventError,
  );
  expect(() =>
    encodeEvent({ type: TYPE, data: { ...DATA, run: { ...DATA.run, season: 'autumn' } } }),
  ).toThrow('season');
});

test('a field that the catalogue does not name does not compile, and is not sent', () => {
  // @ts-expect-error The catalogue has no such field.
  const message = encodeEvent({ type: TYPE, data: { ...DATA, garmentz: 2 } });
  expect(decodeEvent(message).data).not.toHaveProperty('garmentz');
});

test('whatever bytes arrive, the answer is an event or an InvalidEventError', () => {
  fc.assert(
    fc.property(fc.constantFrom(TYPE, 'unknown', '__proto__'), fc.uint8Array(), (subject, data) => {
      try {
        decodeEvent({ subject, id: 'x', headers: {}, data });
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidEventError);
      }
    }),
  );
});

test('fields that a later version adds are dropped, not refused', () => {
  const data = new TextEncoder().encode(JSON.stringify({ ...DATA, added: 1 }));
  expect(decodeEvent({ subject: TYPE, id: 'x', headers: {}, data }).data).toEqual(DATA);
});

test('every event type is a versioned subject of three words', () => {
  for (const type of Object.keys(EVENTS))
    expect(type).toMatch(/^deepstyle\.[a-z-]+\.[a-z]+\.v\d+$/);
});
