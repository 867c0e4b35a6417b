import type { RunReference } from '@deepstyle/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { currentTrendBatches, runsById } from '../src/records.ts';
import { type DrawnGarment, runOf, seasonOf } from './drawn-run.ts';
import { type OpenedGallery, openGallery } from './opened-gallery.ts';

let opened: OpenedGallery;
beforeAll(async () => {
  opened = await openGallery();
});
beforeEach(() => opened.empty());
afterAll(() => opened.close());

const SUMMER = { dress: 40, coat: 4, skirt: 16 };

function cropped(run: RunReference, garments: readonly DrawnGarment[]): RunReference {
  opened.cropped.set(run.id, { run, garments });
  return run;
}

const garmentsReady = (run: RunReference) =>
  opened.gallery.garmentsReady({ run, photos: 1, failedPhotos: 0, garments: 1 });
const ganTrained = (run: RunReference) =>
  opened.gallery.ganReady({ run, outcome: 'trained', modelId: 'gan-1', reason: 'trained' });
const batchesPublished = async () =>
  (await opened.published('deepstyle.trend-batch.published.v1')).map(({ data }) => data);
const current = () =>
  opened.database.transaction('test.current', (tx) =>
    currentTrendBatches(tx, { season: null, brand: undefined }, null, 100),
  );
const stateOf = async (run: RunReference) =>
  (await opened.database.transaction('test.run', (tx) => runsById(tx, [run.id])))[0];

describe('a run that lost too much', () => {
  const lost = (run: RunReference, failedPhotos: number, incomplete: string | null = null) =>
    opened.gallery.garmentsReady({ run, photos: 100, failedPhotos, garments: 60, incomplete });
  const held = async (run: RunReference) => (await stateOf(run))?.state === 'HELD';

  test('publishes nothing, counts in no season and says why, whatever comes first', async () => {
    for (const isReadyFirst of [true, false]) {
      const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
      if (isReadyFirst) await lost(run, 3);
      await ganTrained(run);
      if (!isReadyFirst) await lost(run, 3);
      expect(await stateOf(run)).toMatchObject({
        state: 'HELD',
        garments: null,
        detail: expect.stringMatching(
          /3 of 100 photographs failed.*at most 2\.0 %.*run retry run_.*run publish run_.* --incomplete/,
        ),
      });
    }
    expect(await batchesPublished()).toEqual([]);
    expect(opened.requests).toEqual([]);
  });

  test('is held for sources that were given up, too', async () => {
    const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
    await lost(run, 0, 'Collecting was given up: a bug.');
    expect(await stateOf(run)).toMatchObject({
      state: 'HELD',
      detail: expect.stringContaining('Collecting was given up'),
    });
  });

  test('is published where it lost no more than the limit', async () => {
    const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
    await lost(run, 2);
    expect(await batchesPublished()).toMatchObject([{ final: false, incomplete: null }]);
  });

  test('is published when a person says so, and marked as incomplete', async () => {
    const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
    await lost(run, 30);
    await ganTrained(run);
    await opened.gallery.publishIncomplete(run.id);
    expect(await held(run)).toBe(false);
    // The job that it enqueued.
    await opened.gallery.proceed(run.id);
    expect(await stateOf(run)).toMatchObject({ state: 'DONE', received: 5 });
    const incomplete = expect.stringMatching(/^30 of 100 photographs failed/);
    expect(await batchesPublished()).toMatchObject([{ final: true, incomplete }]);
    expect(await current()).toMatchObject([{ incomplete }]);
    const [created] = await opened.published('deepstyle.collection.created.v1');
    expect(created?.data).toMatchObject({ incomplete });
  });

  test('only a held run can be let go on', async () => {
    const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
    await garmentsReady(run);
    await expect(opened.gallery.publishIncomplete(run.id)).rejects.toMatchObject({
      reason: 'RUN_NOT_HELD',
    });
    await expect(opened.gallery.publishIncomplete('unknown')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});
