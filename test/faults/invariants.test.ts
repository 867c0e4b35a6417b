import { expect, test } from '@jest/globals';
import { INVARIANTS, violationsOf } from './invariants.ts';
import type { Expected, Snapshot } from './snapshot.ts';

const RUN = 'run-1';
const COUNTS = { expected: 2, done: 2, failed: 0, garments: 2, isReady: true };
const BATCH = { runId: RUN, season: 'FW2026', brand: '', isCurrent: true, isFinal: true };
const TRAINING = { runId: RUN, state: 'done', checkpoint: null, leaseUntil: null };

/** One run of two photographs that came to its end. */
const SOUND: Snapshot = {
  runs: [{ id: RUN, retries: 0, scraping: 'DONE', cropping: COUNTS, publishing: 'DONE' }],
  photos: [
    { id: 'p1', objectKey: 'photos/p1' },
    { id: 'p2', objectKey: 'photos/p2' },
  ],
  members: [
    { runId: RUN, photoId: 'p1' },
    { runId: RUN, photoId: 'p2' },
  ],
  lostSources: [],
  settled: [
    { runId: RUN, photoId: 'p1', outcome: 'done' },
    { runId: RUN, photoId: 'p2', outcome: 'done' },
  ],
  garments: [
    { id: 'g1', photoId: 'p1', imageKey: 'photos/p1' },
    { id: 'g2', photoId: 'p2', imageKey: 'garments/g2' },
  ],
  runGarments: [
    { runId: RUN, garmentId: 'g1' },
    { runId: RUN, garmentId: 'g2' },
  ],
  seasonGarments: [
    { runId: RUN, garmentId: 'g1' },
    { runId: RUN, garmentId: 'g2' },
  ],
  trainings: [TRAINING],
  models: [{ id: 'm1', objectKeys: ['models/m1'] }],
  detectorModels: [{ objectKeys: ['models/d1'] }],
  samples: [{ runId: RUN, imageKey: 'samples/1' }],
  generateRequests: [{ runId: RUN, state: 'done' }],
  designs: [{ id: 'd1', imageKey: 'designs/d1' }],
  collections: [{ id: 'c1', runId: RUN, modelId: 'm1', designCount: 1 }],
  collectionDesigns: [{ collectionId: 'c1', designId: 'd1' }],
  trendBatches: [
    { ...BATCH, id: 't1', revision: 1, isCurrent: false, isFinal: false },
    { ...BATCH, id: 't2', revision: 2 },
  ],
  objectKeys: [
    ...[
      'photos/p1',
      'photos/p2',
      'garments/g2',
      'models/m1',
      'models/d1',
      'samples/1',
      'designs/d1',
    ],
  ],
  eventIds: [
    ...[`photo.stored:${RUN}:p1`, `photo.stored:${RUN}:p2`],
    ...[`garment.cropped:${RUN}:g1`, `garment.cropped:${RUN}:g2`],
    ...[`scrape.completed:${RUN}`, `garments.ready:${RUN}`, `gan.ready:${RUN}`],
    ...['collection.created:c1', 'trend-batch.published:t1', 'trend-batch.published:t2'],
  ],
  deadLetters: [],
  outboxes: [{ service: 'cropper', messages: 0 }],
  queuedJobs: 0,
  durables: [{ name: 'cropper-photos', lag: 0 }],
};
const EXPECTED: readonly Expected[] = [
  { runId: RUN, photos: ['p1', 'p2'], garments: ['g1', 'g2'] },
];

type Name = keyof typeof INVARIANTS;

/** The names of the invariants that do not hold where this differs from the sound one. */
function broken(change: Partial<Snapshot>): string[] {
  return [...new Set(violationsOf({ ...SOUND, ...change }, EXPECTED).map((one) => one.invariant))];
}

const run = (change: Partial<Snapshot['runs'][number]>): Partial<Snapshot> => ({
  runs: [{ ...(SOUND.runs[0] as Snapshot['runs'][number]), ...change }],
});

test('nothing is said of a system in which all is well', () => {
  expect(violationsOf(SOUND, EXPECTED)).toEqual([]);
});

test('a run of which nothing is left is named', () => {
  expect(violationsOf({ ...SOUND, runs: [] }, EXPECTED)).toContainEqual({
    invariant: 'every run is done',
    run: RUN,
    seen: 'the run is not there',
  });
});

const CASES: readonly (readonly [string, Name, Partial<Snapshot>])[] = [
  ['a run that stands still', 'every run is done', run({ publishing: 'RUNNING' })],
  ['a run that is held', 'every run is done', run({ publishing: 'HELD' })],
  ['a run that the cropper never heard of', 'every run is done', run({ cropping: null })],
  [
    'a run that gave up its scrape',
    'every run is done',
    run({ scraping: 'FAILED', publishing: 'DONE' }),
  ],
  [
    'a photograph that is lacking',
    'a run gives what it gives undisturbed',
    { members: SOUND.members.slice(1) },
  ],
  [
    'a garment too many',
    'a run gives what it gives undisturbed',
    { runGarments: [...SOUND.runGarments, { runId: RUN, garmentId: 'g3' }] },
  ],
  [
    'a photograph that is counted twice',
    'counts are true',
    run({ cropping: { ...COUNTS, done: 3 } }),
  ],
  [
    'a photograph that is taken for the cause of a kill',
    'nothing fails for a fault around it',
    { lostSources: [{ runId: RUN, name: 'a.jpg', code: 'CRASHED' }] },
  ],
  [
    'a photograph that failed',
    'nothing fails for a fault around it',
    { settled: SOUND.settled.map((one) => ({ ...one, outcome: 'failed' })) },
  ],
  [
    'a training that failed',
    'nothing fails for a fault around it',
    { trainings: [{ ...TRAINING, state: 'failed' }] },
  ],
  [
    'a training at work',
    'what has ended is closed',
    { trainings: [{ ...TRAINING, state: 'running' }] },
  ],
  [
    'a lease on what has ended',
    'what has ended is closed',
    { trainings: [{ ...TRAINING, leaseUntil: new Date(0) }] },
  ],
  [
    'a checkpoint of what has ended',
    'what has ended is closed',
    { trainings: [{ ...TRAINING, checkpoint: { key: 'k' } }] },
  ],
  [
    'two current batches',
    'one current batch, no revision twice',
    { trendBatches: SOUND.trendBatches.map((batch) => ({ ...batch, isCurrent: true })) },
  ],
  [
    'a revision that stands twice',
    'one current batch, no revision twice',
    { trendBatches: SOUND.trendBatches.map((batch) => ({ ...batch, revision: 1 })) },
  ],
  [
    'a revision that is lacking',
    'one current batch, no revision twice',
    { trendBatches: SOUND.trendBatches.slice(1) },
  ],
  [
    'a run that is done without a final batch',
    'one current batch, no revision twice',
    { trendBatches: SOUND.trendBatches.map((batch) => ({ ...batch, isFinal: false })) },
  ],
  ['a garment without its photograph', 'no orphans', { photos: SOUND.photos.slice(1) }],
  ['a design without a collection', 'no orphans', { collectionDesigns: [] }],
  ['a collection without its model', 'no orphans', { models: [] }],
  [
    'a collection that lacks a design',
    'no orphans',
    { collections: SOUND.collections.map((one) => ({ ...one, designCount: 2 })) },
  ],
  [
    'an object without a record',
    'objects and records match',
    { objectKeys: [...SOUND.objectKeys, 'designs/d2'] },
  ],
  [
    'a record without an object',
    'objects and records match',
    { objectKeys: SOUND.objectKeys.slice(1) },
  ],
  ['a dead letter', 'no message is lost', { deadLetters: [{ id: 'EVENTS.x.1', reason: 'why' }] }],
  [
    'a message in an outbox',
    'no message is lost',
    { outboxes: [{ service: 'cropper', messages: 1 }] },
  ],
  ['a job in the queue', 'no message is lost', { queuedJobs: 1 }],
  [
    'a message that nobody took',
    'no message is lost',
    { durables: [{ name: 'cropper-photos', lag: 1 }] },
  ],
  [
    'a photograph that was not announced',
    'everything is announced',
    { eventIds: SOUND.eventIds.slice(1) },
  ],
  ['a run without a word of its end', 'everything is announced', { eventIds: [] }],
  [
    'a retry without a word of its end',
    'everything is announced',
    { runs: SOUND.runs.map((run) => ({ ...run, retries: 1 })) },
  ],
];

test.each(CASES)('%s breaks "%s"', (_, invariant, change) => {
  expect(broken(change)).toContain(invariant);
});

test('every invariant is broken by one of these', () => {
  const tried = new Set<string>(CASES.map(([, invariant]) => invariant));
  expect(Object.keys(INVARIANTS).filter((name) => !tried.has(name))).toEqual([]);
});

test('of many that fail alike a few are named', () => {
  const objectKeys = [...SOUND.objectKeys, ...Array.from({ length: 9 }, (_, i) => `lost/${i}`)];
  const [violation] = violationsOf({ ...SOUND, objectKeys }, EXPECTED);
  expect(violation?.seen).toBe('9 objects have no record: lost/0, lost/1, lost/2 and 6 more');
});
