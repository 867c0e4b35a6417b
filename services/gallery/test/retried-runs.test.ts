import type { RunReference } from '@deepstyle/contracts';
import { DeepStyleError } from '@deepstyle/platform';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { garmentCounts } from '../src/records.ts';
import { stageOf } from '../src/stage.ts';
import { runOf, seasonOf } from './drawn-run.ts';
import { type OpenedGallery, openGallery } from './opened-gallery.ts';
import { stepsOf } from './steps.ts';

let opened: OpenedGallery;
beforeAll(async () => {
  opened = await openGallery();
});
beforeEach(() => opened.empty());
afterAll(() => opened.close());

const SUMMER = { dress: 40, coat: 4, skirt: 16 };

const {
  batches,
  changed,
  collections,
  cropped,
  current,
  ganTrained,
  garmentsReady,
  justBefore,
  recordOf,
} = stepsOf(() => opened);
const ganFailed = (run: RunReference) =>
  opened.gallery.ganReady({ run, outcome: 'skipped', modelId: null, reason: 'training failed' });
const inRetry = (run: RunReference, retries = 1): RunReference => ({ ...run, retries });

describe('a run that is tried again', () => {
  test.each([
    ['changed', 'ready', 'gan'],
    ['ready', 'gan', 'changed'],
    ['gan', 'ready', 'changed'],
    ['gan', 'changed', 'ready'],
  ] as const)('has its collection in a further revision: %s, %s, %s', async (...order) => {
    const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
    await garmentsReady(run);
    await ganFailed(run);
    const retry = {
      changed: () => changed(inRetry(run), 1),
      ready: () => garmentsReady(inRetry(run)),
      gan: () => ganTrained(inRetry(run)),
    };
    for (const event of order) await retry[event]();
    for (const event of order) await retry[event]();
    const [created, ...more] = await collections();
    expect(more).toEqual([]);
    expect(await batches()).toMatchObject([
      { revision: 1, final: false },
      { revision: 2, final: true, collectionId: null },
      { revision: 3, final: true, collectionId: created?.data.collectionId, run: inRetry(run) },
    ]);
    expect(await recordOf(run)).toMatchObject({ state: 'DONE', received: 5, requested: 5 });
  });

  test('publishes no further revision where nothing changed', async () => {
    const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER, 'Aurelle'));
    await garmentsReady(run);
    await ganTrained(run);
    const before = await batches();
    await changed(inRetry(run), 1);
    expect(stageOf(await recordOf(run)).state).toBe('WAITING');
    await garmentsReady(inRetry(run));
    await ganTrained(inRetry(run));
    expect(await batches()).toEqual(before);
    expect(await collections()).toHaveLength(1);
    expect((await recordOf(run)).state).toBe('DONE');
  });

  test.each([
    ['changed', 'ready', 'gan'],
    ['ready', 'gan', 'changed'],
    ['gan', 'ready', 'changed'],
    ['gan', 'changed', 'ready'],
  ] as const)('ends as it stood where nothing had failed: %s, %s, %s', async (...order) => {
    for (const gan of [ganTrained, ganFailed]) {
      await opened.empty();
      const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
      await garmentsReady(run);
      await gan(run);
      const { updatedAt: _, ...before } = stageOf(await recordOf(run));
      for (const retries of [1, 2]) {
        const retry = {
          changed: () => changed(inRetry(run, retries), retries),
          ready: () => garmentsReady(inRetry(run, retries)),
          gan: () => gan(inRetry(run, retries)),
        };
        for (const event of order) await retry[event]();
        expect(stageOf(await recordOf(run))).toMatchObject(before);
      }
    }
  });

  test('brings what failed into the numbers, once all is here, and keeps its collection meanwhile', async () => {
    const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
    await garmentsReady(run);
    await ganTrained(run);
    const { collectionId } = (await batches()).at(-1) ?? {};
    cropped(run, [...seasonOf('SS2026', SUMMER), ...seasonOf('SS2026 again', { coat: 10 })]);
    const counted: unknown[] = [];
    justBefore('gallery.completeRunGarments', 1, async () => {
      counted.push(...(await opened.database.transaction('test.counts', garmentCounts)));
    });
    await garmentsReady(inRetry(run));
    expect(counted).toMatchObject([{ garments: 60 }]);
    await ganTrained(inRetry(run));
    expect((await batches()).slice(2)).toMatchObject([
      { revision: 3, final: false, garments: 70, collectionId },
      { revision: 4, final: true, garments: 70, collectionId },
    ]);
  });

  test('leaves photographs to the run that came after it', async () => {
    const photos = seasonOf('SS2026', { dress: 20, skirt: 20 });
    const run = cropped(runOf('SS2026'), photos);
    await garmentsReady(run);
    const later = photos.map((garment) => ({ ...garment, category: 'shirt' }));
    await garmentsReady(cropped(runOf('SS2026', { detector: 'other' }), later));
    cropped(run, [...photos, ...seasonOf('SS2026', { coat: 5 })]);
    await garmentsReady(inRetry(run));
    const [batch] = await current();
    expect(batch?.categories.map(({ name, count }) => [name, count])).toEqual([
      ['shirt', 40],
      ['coat', 5],
    ]);
  });

  test('is published whole where it was held and has no more losses', async () => {
    const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
    await garmentsReady(run, 30);
    await changed(inRetry(run), 1);
    await garmentsReady(inRetry(run));
    await ganTrained(inRetry(run));
    expect(await batches()).toMatchObject([
      { incomplete: null },
      { incomplete: null, final: true },
    ]);
    expect((await recordOf(run)).state).toBe('DONE');
  });

  test('is no longer marked as incomplete where it has no more losses', async () => {
    const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
    await ganTrained(run);
    await garmentsReady(run, 30);
    await opened.gallery.publishIncomplete(run.id);
    await opened.gallery.proceed(run.id);
    await changed(inRetry(run), 1);
    expect(await current()).toMatchObject([{ incomplete: expect.stringContaining('30 of 100') }]);
    await garmentsReady(inRetry(run));
    await ganTrained(inRetry(run));
    expect(await current()).toMatchObject([{ incomplete: null, isFinal: true }]);
  });

  test.each([
    ['failed', 30, null],
    ['were given up', 0, 'Collecting was given up: a bug.'],
  ] as const)(
    'says nothing is lacking in any revision once it has those that %s',
    async (...given) => {
      const [, failed, incomplete] = given;
      const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
      await garmentsReady(run, failed, incomplete);
      await ganTrained(run);
      await opened.gallery.publishIncomplete(run.id);
      await opened.gallery.proceed(run.id);
      cropped(run, [...seasonOf('SS2026', SUMMER), ...seasonOf('SS2026 rest', { coat: 10 })]);
      await changed(inRetry(run), 1);
      await garmentsReady(inRetry(run));
      await ganTrained(inRetry(run));
      expect(
        (await batches()).map(({ revision, incomplete: lacking }) => [revision, lacking]),
      ).toEqual([
        [1, expect.any(String)],
        [2, null],
        [3, null],
      ]);
    },
  );

  test('gets the collection that could not be had', async () => {
    const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
    justBefore('generateDesigns', 1, () =>
      Promise.reject(new DeepStyleError({ code: 'NOT_FOUND', message: 'drawn failure' })),
    );
    await garmentsReady(run);
    await ganTrained(run);
    expect(await recordOf(run)).toMatchObject({
      state: 'FAILED',
      detail: expect.stringContaining(`deepstyle run retry run_${run.id}`),
    });
    await garmentsReady(inRetry(run));
    await ganTrained(inRetry(run));
    expect((await batches()).at(-1)).toMatchObject({ revision: 3, final: true });
    expect(await collections()).toHaveLength(1);
    expect((await recordOf(run)).state).toBe('DONE');
  });

  test('takes nothing from what was said before the retry', async () => {
    const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
    await garmentsReady(run);
    await changed(inRetry(run), 1);
    await ganTrained(run);
    await garmentsReady(run);
    expect(await batches()).toHaveLength(1);
    expect(await recordOf(run)).toMatchObject({
      readyAt: null,
      ganOutcome: null,
      state: 'RUNNING',
    });
  });

  test('is not ended by the publishing that was under way', async () => {
    const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
    justBefore('gallery.saveCollection', 1, () => changed(inRetry(run), 1));
    await garmentsReady(run);
    await ganTrained(run);
    expect(await recordOf(run)).toMatchObject({ state: 'RUNNING', ganOutcome: null });
    expect(await collections()).toEqual([]);
    await garmentsReady(inRetry(run));
    await ganTrained(inRetry(run));
    expect(await collections()).toHaveLength(1);
    expect((await recordOf(run)).state).toBe('DONE');
  });
});
