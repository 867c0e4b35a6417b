import { createHash, randomUUID } from 'node:crypto';
import type { PhotoReference, RunReference } from '@deepstyle/contracts';
import { type OpenedPorts, openPorts } from '@deepstyle/testkit/services';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DETECTOR_SETTINGS, type DetectorSettings } from '../src/config.ts';
import { announceRun } from '../src/detection/announce-run.ts';
import { detectPhotos } from '../src/detection/detect-photos.ts';
import type { InferenceCache } from '../src/detection/inference-cache.ts';
import { createPhotoQueue, type PhotoQueue } from '../src/detection/photo-queue.ts';
import { runsById, runsToDetect } from '../src/records.ts';
import { stageOf } from '../src/stage.ts';
import { drawImage, storePhoto } from './drawn-dataset.ts';
import { good, modelThat } from './given-model.ts';
import { runOf } from './running-detector.ts';
import { TINY_SETTINGS } from './tiny-hyperparameters.ts';

// More than are taken at once.
const PHOTOS = 40;
const DETECTED = 'deepstyle.photo.detected.v1';
const FAILED = 'deepstyle.photo.failed.v1';
const NEVER = new AbortController().signal;

let opened: OpenedPorts<DetectorSettings>;
let photo: PhotoReference;
let run: RunReference;
let queue: PhotoQueue;
beforeAll(async () => {
  opened = await openPorts({
    name: 'detector',
    settings: DETECTOR_SETTINGS,
    environment: TINY_SETTINGS,
  });
  queue = createPhotoQueue(opened.ports);
  photo = await storePhoto(opened.ports.objects, (await drawImage(0)).png);
});
afterAll(() => opened.close());
beforeEach(() => {
  run = newRun();
});

/** A run of a model of its own, so that no run finds what another one saw. */
const newRun = () => runOf(randomUUID(), createHash('sha256').update(randomUUID()).digest('hex'));
/** Photographs of the same bytes under ids of their own; no model tells them apart. */
const photos = Array.from({ length: PHOTOS }, (_, n) =>
  createHash('sha256').update(`photo ${n}`).digest('hex'),
).sort();
const none: InferenceCache = {
  ...good,
  use: async () => {
    throw new Error('it was asked for');
  },
};

const changed = (state: 'open' | 'canceled', revision: number, retries = 0) =>
  queue.runChanged({ run: inRetry(retries), revision, state });
const inRetry = (retries: number): RunReference => (retries === 0 ? run : { ...run, retries });
const stored = (ids = photos, retries = 0) =>
  Promise.all(
    ids.map((id) => queue.photoStored({ run: inRetry(retries), photo: { ...photo, id } })),
  );
const closed = (count: number, retries = 0) => {
  const end = { run: inRetry(retries), photos: count, duplicates: 0, rejected: 0 };
  return queue.scrapeCompleted(end);
};
const detect = (models: InferenceCache = good, job = 'job') =>
  detectPhotos({ ...opened.ports, models }, { runId: run.id, job }, NEVER);

const inTx = <T>(work: Parameters<typeof opened.ports.database.transaction<T>>[1]) =>
  opened.ports.database.transaction('test', work);
const record = async () => (await inTx((tx) => runsById(tx, [run.id])))[0];
const published = async (type: typeof DETECTED | typeof FAILED) =>
  (await opened.published()).filter((one) => one.type === type && one.data.run.id === run.id);
const jobs = async () =>
  (await opened.published()).flatMap(({ type, id, data }) =>
    type === 'job detector-detect' && data.runId === run.id ? [id] : [],
  );
/** Photographs that fail for good: their bytes are no image. */
async function failing(count: number): Promise<readonly string[]> {
  const ids = photos.slice(0, count);
  const image = await opened.ports.objects.put('photos/none', new Uint8Array([1]), 'image/png');
  await Promise.all(ids.map((id) => queue.photoStored({ run, photo: { ...photo, id, image } })));
  await detect();
  return ids;
}

describe('a canceled run', () => {
  test('queues photographs, and has none looked at or announced', async () => {
    await stored(photos.slice(0, 5));
    const before = await jobs();
    await changed('canceled', 1);
    await stored(photos.slice(5));
    await detect(none);
    expect(await record()).toMatchObject({ done: 0, failed: 0, isCanceled: true });
    expect(await published(DETECTED)).toEqual([]);
    expect(await jobs()).toEqual(before);
    expect(stageOf((await record()) ?? null).state).toBe('CANCELED');
    const soon = new Date(Date.now() + 3_600_000);
    const awaited = () => inTx((tx) => runsToDetect(tx, soon, soon));
    expect(await awaited()).not.toContain(run.id);
    await changed('open', 2);
    expect(await awaited()).toContain(run.id);
  });

  test('has nothing more taken by a job at work, and resumed it ends as one never canceled', async () => {
    await stored();
    await closed(PHOTOS);
    let isFirst = true;
    const canceling = modelThat(async (images) => {
      if (isFirst) await changed('canceled', 1);
      isFirst = false;
      return images.map(() => []);
    });
    await detect(canceling);
    const left = PHOTOS - ((await record())?.done ?? 0);
    expect(left).toBeGreaterThan(0);
    await detect(none);
    await changed('open', 2);
    expect((await jobs()).at(-1)).toBe(`detector-detect:${run.id}:change-2`);
    // Free for the job that goes on.
    await detect(good, 'another job');
    expect(await record()).toMatchObject({ done: PHOTOS, failed: 0, isCanceled: false });
    const ids = (await published(DETECTED)).map(({ data }) => data.photo.id);
    expect(ids.sort()).toEqual(photos);
  });

  test('is left as it is by a change that came late', async () => {
    await changed('canceled', 3);
    await changed('open', 2);
    await changed('canceled', 1);
    expect(await record()).toMatchObject({ isCanceled: true });
  });
});

describe('a retry', () => {
  test('has failed photographs looked at again, and tells what becomes of them apart', async () => {
    const ids = await failing(2);
    await closed(2);
    expect(await record()).toMatchObject({ done: 0, failed: 2, expected: 2 });
    await changed('open', 1, 1);
    expect(await record()).toMatchObject({ done: 0, failed: 0, expected: null });
    expect((await jobs()).at(-1)).toBe(`detector-detect:${run.id}:retry-1`);
    await detect();
    expect(await record()).toMatchObject({ done: 0, failed: 2 });
    expect((await published(FAILED)).map(({ id, data }) => [id, data.run.retries])).toEqual([
      ...ids.map((id) => [`photo.failed:${run.id}:${id}:detect`, undefined]),
      ...ids.map((id) => [`photo.failed:${run.id}:${id}:detect:1`, 1]),
    ]);
  });

  test('begins with whichever event tells of it first', async () => {
    await failing(2);
    await stored(photos.slice(2, 3), 1);
    expect(await record()).toMatchObject({ failed: 0, reference: { retries: 1 } });
    await changed('open', 1, 1);
    expect((await jobs()).filter((id) => id.endsWith('retry-1'))).toHaveLength(1);
  });

  test('is not ended by the end of the scraping before it', async () => {
    await changed('open', 1, 1);
    await closed(7);
    expect(await record()).toMatchObject({ expected: null });
    await closed(8, 1);
    expect(await record()).toMatchObject({ expected: 8 });
  });

  test('that comes while photographs are looked at says so of what fails after it', async () => {
    await stored(photos.slice(0, 1));
    const failingLate = modelThat(async () => {
      await changed('open', 1, 1);
      throw new Error('no luck');
    });
    for (const _ of [1, 2]) await expect(detect(failingLate)).rejects.toThrow();
    await detect(failingLate);
    expect(await published(FAILED)).toMatchObject([{ data: { run: { retries: 1 } } }]);
  });
});

test('what is said again for a change comes once for each', async () => {
  await stored(photos.slice(0, 1));
  await detect();
  for (const revision of [2, 4]) await announceRun(opened.ports, run.id, revision);
  const id = `photo.detected:${run.id}:${photos[0]}`;
  expect((await published(DETECTED)).map((event) => event.id)).toEqual([
    id,
    `${id}~change-2`,
    `${id}~change-4`,
  ]);
});

test('changes and photographs in any order, whenever jobs run, end the same', async () => {
  const events: readonly (() => Promise<unknown>)[] = [
    () => changed('canceled', 1),
    () => changed('open', 2),
    () => changed('open', 3, 1),
    () => closed(4),
    () => closed(6, 1),
    () => stored(photos.slice(0, 4)),
    () => stored(photos.slice(4, 6), 1),
  ];
  const order = fc.shuffledSubarray([...events.keys()], { minLength: events.length });
  const looks = fc.array(fc.constantFrom('none', 'good', 'bad'), { minLength: 7, maxLength: 7 });
  const bad = modelThat(async () => {
    throw new Error('no luck');
  });
  await fc.assert(
    fc.asyncProperty(order, looks, async (indices, models) => {
      run = newRun();
      for (const [step, index] of indices.entries()) {
        await events[index]?.();
        if (models[step] === 'good') await detect();
        if (models[step] === 'bad') await detect(bad).catch(() => undefined);
      }
      await detect();
      await retried();
      expect(await record()).toMatchObject({ done: 6, failed: 0, expected: 6, isCanceled: false });
      const ids = (await published(DETECTED)).map(({ data }) => data.photo.id);
      expect(ids.sort()).toEqual(photos.slice(0, 6));
    }),
    { numRuns: 25 },
  );

  /** What has failed since is asked for once more. */
  async function retried(): Promise<void> {
    if ((await record())?.failed === 0) return;
    await changed('open', 4, 2);
    await closed(6, 2);
    await detect();
  }
});
