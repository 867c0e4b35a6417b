import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { RunRecord } from '../src/records.ts';
import { stageOf } from '../src/stage.ts';

const id = randomUUID();
const gan = { steps: null, skip: false };
const RUN: RunRecord = {
  id,
  reference: { id, season: 'SS2026', brand: null, detector: 'none', gan },
  readyAt: new Date(0),
  incomplete: null,
  releasedAt: null,
  garmentsReadAt: null,
  garments: null,
  ganOutcome: null,
  modelId: null,
  ganReason: null,
  state: 'RUNNING',
  received: 0,
  requested: null,
  detail: null,
  updatedAt: new Date(0),
  isCanceled: false,
};

test.each<[string, RunRecord | null, object]>([
  ['nothing has arrived', null, { state: 'WAITING', expected: null }],
  ['the garments are read', RUN, { state: 'RUNNING', detail: 'reading the garments' }],
  [
    'the model is awaited',
    { ...RUN, garments: 40 },
    { state: 'WAITING', expected: null, detail: 'trends of 40 garments; waiting for the model' },
  ],
  [
    'designs come',
    {
      ...RUN,
      ganOutcome: 'trained',
      garments: 40,
      received: 32,
      requested: 128,
      detail: '32 of 128 designs generated',
    },
    { state: 'RUNNING', done: 32, expected: 128, detail: '32 of 128 designs generated' },
  ],
  [
    'it lost too much',
    { ...RUN, state: 'HELD', detail: 'Held: 9 of 10 failed.' },
    { state: 'HELD', done: 0, expected: 0, detail: 'Held: 9 of 10 failed.' },
  ],
  [
    'its photographs are tried again',
    { ...RUN, readyAt: null },
    { state: 'WAITING', detail: 'waiting for the garments' },
  ],
  [
    'it is canceled',
    { ...RUN, isCanceled: true },
    { state: 'CANCELED', detail: expect.stringMatching(/run resume run_/) },
  ],
  ['it is canceled while held', { ...RUN, isCanceled: true, state: 'HELD' }, { state: 'CANCELED' }],
  [
    'it had ended when it was canceled',
    { ...RUN, isCanceled: true, state: 'DONE' },
    { state: 'DONE' },
  ],
  ['it ended without designs', { ...RUN, state: 'DONE' }, { state: 'DONE', done: 0, expected: 0 }],
])('%s', (_, run, expected) => {
  expect(stageOf(run)).toMatchObject(expected);
});
