import { expect, test } from '@jest/globals';
import { type AnyEvent, decodeEvent, EVENTS, type EventType, encodeEvent } from '../src/index.ts';
import { encodedAnew, STORED_EVENT_CASES, STORED_EVENTS } from './stored-events.ts';

/** Types that the version before did not have. */
const NEW_TYPES: readonly string[] = ['deepstyle.run.changed.v1' satisfies EventType];

test('every type has a stored event of the version before', () => {
  const earlier = Object.keys(EVENTS).filter((type) => !NEW_TYPES.includes(type));
  expect(STORED_EVENTS.map(({ subject }) => subject)).toEqual(earlier);
});

test.each(STORED_EVENT_CASES)('a stored %s of the version before still decodes', (type, stored) => {
  expect(decodeEvent(stored)).toMatchObject({ id: stored.id, type, data: stored.json });
  expect(decodeEvent(stored).data).toEqual(stored.json);
});

test.each(STORED_EVENT_CASES)('%s ignores unknown fields at every level', (_type, stored) => {
  const data = encodeJson(withUnknownFields(stored.json));
  expect(decodeEvent({ ...stored, data }).data).toEqual(stored.json);
});

test.each(STORED_EVENT_CASES)('%s keeps its old fields beside the global ids', (type, stored) => {
  const { data } = decodeEvent(encodedAnew(stored));
  expect(data).toMatchObject(stored.json as object);
  expect(globalIdsIn(data)).toEqual(GLOBAL_IDS[type]);
});

test('a plain id that names no node has no global id beside it', () => {
  const skipped = {
    ...storedOf('deepstyle.gan.ready.v1').data,
    outcome: 'skipped' as const,
    modelId: null,
  };
  const run = { ...skipped.run, detector: 'none' };
  const message = encodeEvent({ type: 'deepstyle.gan.ready.v1', data: { ...skipped, run } });
  expect(globalIdsIn(decodeEvent(message).data)).toEqual({ 'run.globalId': `run_${run.id}` });
});

test('a global id follows the plain id, whatever the publisher says', () => {
  const { data } = storedOf('deepstyle.photo.failed.v1');
  const message = encodeEvent({
    type: 'deepstyle.photo.failed.v1',
    data: { ...data, photoGlobalId: 'photo_of-another' },
  });
  expect(decodeEvent(message).data).toMatchObject({ photoGlobalId: `photo_${data.photoId}` });
});

const hex = (digit: string): string => digit.repeat(64);
const RUN = {
  'run.globalId': 'run_7f9c24e5-2f8b-4d6e-9a51-3b2c1d0e4f5a',
  'run.detectorGlobalId': `detector_${hex('d')}`,
};
const GLOBAL_IDS: Record<EventType, Record<string, string>> = {
  'deepstyle.run.changed.v1': RUN,
  'deepstyle.photo.stored.v1': { ...RUN, 'photo.globalId': `photo_${hex('a')}` },
  'deepstyle.scrape.completed.v1': { 'run.globalId': RUN['run.globalId'] },
  'deepstyle.photo.detected.v1': { ...RUN, 'photo.globalId': `photo_${hex('a')}` },
  'deepstyle.photo.failed.v1': { ...RUN, photoGlobalId: `photo_${hex('a')}` },
  'deepstyle.garment.cropped.v1': {
    ...RUN,
    'garment.globalId': `garment_${hex('b')}`,
    'garment.photoGlobalId': `photo_${hex('a')}`,
  },
  'deepstyle.garments.ready.v1': RUN,
  'deepstyle.gan.ready.v1': { ...RUN, modelGlobalId: `gan_${hex('e')}` },
  'deepstyle.collection.created.v1': {
    ...RUN,
    collectionGlobalId: `collection_${hex('c')}`,
    modelGlobalId: `gan_${hex('e')}`,
  },
  'deepstyle.trend-batch.published.v1': {
    ...RUN,
    trendBatchGlobalId: `trend_${hex('f')}`,
    supersedesGlobalId: `trend_${hex('9')}`,
    collectionGlobalId: `collection_${hex('c')}`,
  },
  'deepstyle.dataset.ready.v1': { datasetGlobalId: `dataset_${hex('1')}` },
  'deepstyle.detector.trained.v1': {
    modelGlobalId: `detector_${hex('d')}`,
    datasetGlobalId: `dataset_${hex('1')}`,
  },
};

function storedOf<T extends EventType>(type: T): Extract<AnyEvent, { type: T }> {
  const event = STORED_EVENTS.find(({ subject }) => subject === type);
  if (event === undefined) throw new Error(`no stored ${type}`);
  return decodeEvent(event) as Extract<AnyEvent, { type: T }>;
}

function encodeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function withUnknownFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withUnknownFields);
  if (typeof value !== 'object' || value === null) return value;
  const known = Object.entries(value).map(([name, field]) => [name, withUnknownFields(field)]);
  return { ...Object.fromEntries(known), addedLater: { deep: [1] } };
}

/** Path -> value of every global-id field that is there. */
function globalIdsIn(value: unknown, path: readonly string[] = []): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, field]): [string, unknown][] =>
      /globalId$/i.test(name)
        ? [[[...path, name].join('.'), field]]
        : Object.entries(globalIdsIn(field, [...path, name])),
    ),
  );
}
