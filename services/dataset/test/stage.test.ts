import { expect, test } from '@jest/globals';
import type { ImportRecord } from '../src/records.ts';
import { stageOf } from '../src/stage.ts';

const IMPORT: ImportRecord = {
  id: '00000000-0000-4000-8000-000000000000',
  idempotencyKey: 'key',
  name: 'Drawn',
  folder: '/data/drawn',
  options: {
    format: null,
    strict: false,
    boxConvention: 'exclusive',
    annotationSet: null,
    attributes: true,
    storeImages: true,
    sizes: null,
    images: null,
  },
  state: 'RUNNING',
  done: 3,
  expected: 4,
  detail: 'reading images',
  datasetId: null,
  irregularities: [],
  createdAt: new Date('2026-01-01T00:00:00Z'),
  updatedAt: new Date('2026-01-01T00:00:01Z'),
};

test('an import is a stage with its own state, counts and detail', () => {
  expect(stageOf(IMPORT)).toEqual({
    state: 'RUNNING',
    done: 3,
    failed: 0,
    expected: 4,
    detail: 'reading images',
    updatedAt: IMPORT.updatedAt,
  });
});

test('an import that nobody has asked for waits', () => {
  expect(stageOf(null)).toMatchObject({ state: 'WAITING', done: 0, expected: null });
});
