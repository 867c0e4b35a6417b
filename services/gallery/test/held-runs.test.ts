import type { RunReference } from '@deepstyle/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
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

const { cropped, garmentsReady, ganTrained, batches, current, recordOf } = stepsOf(() => opened);

describe('a run that lost too much', () => {
  const held = async (run: RunReference) => (await recordOf(run)).state === 'HELD';

  test('publishes nothing, counts in no season and says why, whatever comes first', async () => {
    for (const isReadyFirst of [true, false]) {
      const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
      if (isReadyFirst) await garmentsReady(run, 3);
      await ganTrained(run);
      if (!isReadyFirst) await garmentsReady(run, 3);
      expect(await recordOf(run)).toMatchObject({
        state: 'HELD',
        garments: null,
        detail: expect.stringMatching(
          /3 of 100 photographs failed.*at most 2\.0 %.*run retry run_.*run publish run_.* --incomplete/,
        ),
      });
    }
    expect(await batches()).toEqual([]);
    expect(opened.requests).toEqual([]);
  });

  test('is held for photographs that their hosts did not give, too', async () => {
    const lose = async (lost: number) => {
      const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
      const counts = { photos: 99, failedPhotos: 1, garments: 60 };
      await opened.gallery.garmentsReady({ run, ...counts, lost });
      return recordOf(run);
    };
    expect(await lose(1)).toMatchObject({ state: 'RUNNING', incomplete: null });
    expect(await lose(49)).toMatchObject({
      state: 'HELD',
      detail: expect.stringContaining(
        '50 of 148 photographs failed, 49 of them as their hosts did not give them (33.8 %, at most 2.0 % may).',
      ),
    });
  });

  test('says why its photographs failed', async () => {
    const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
    const failures = [
      { reason: 'The object … is damaged.', photos: 9 },
      { reason: 'It cannot be decoded.', photos: 1 },
    ];
    const counts = { photos: 100, failedPhotos: 10, garments: 60 };
    await opened.gallery.garmentsReady({ run, ...counts, failures });
    expect((await recordOf(run)).detail).toContain(
      'may). 9: The object … is damaged. 1: It cannot be decoded. To try it again:',
    );
  });

  test('has failed rather than is held where it has no garment', async () => {
    const run = cropped(runOf('SS2026'), []);
    await opened.gallery.garmentsReady({ run, photos: 10, failedPhotos: 10, garments: 0 });
    expect(await recordOf(run)).toMatchObject({
      state: 'FAILED',
      detail: expect.stringMatching(/^The run has no garments.* deepstyle run retry run_/),
    });
  });

  test('is held for sources that were given up, too', async () => {
    const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
    await garmentsReady(run, 0, 'Collecting was given up: a bug.');
    expect(await recordOf(run)).toMatchObject({
      state: 'HELD',
      detail: expect.stringContaining('Collecting was given up'),
    });
  });

  test('is published where it lost no more than the limit', async () => {
    const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
    await garmentsReady(run, 2);
    expect(await batches()).toMatchObject([{ final: false, incomplete: null }]);
  });

  test('is published when a person says so, and marked as incomplete', async () => {
    const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
    await garmentsReady(run, 30);
    await ganTrained(run);
    await opened.gallery.publishIncomplete(run.id);
    expect(await held(run)).toBe(false);
    // The job that it enqueued.
    await opened.gallery.proceed(run.id);
    expect(await recordOf(run)).toMatchObject({ state: 'DONE', received: 5 });
    const incomplete = expect.stringMatching(/^30 of 100 photographs failed/);
    expect(await batches()).toMatchObject([{ final: true, incomplete }]);
    expect(await current()).toMatchObject([{ incomplete }]);
    const [created] = await opened.published('deepstyle.collection.created.v1');
    expect(created?.data).toMatchObject({ incomplete });
  });

  test('leaves nothing lacking once a whole run has the same photographs', async () => {
    const photos = seasonOf('SS2026', SUMMER);
    const run = cropped(runOf('SS2026'), photos.slice(0, 40));
    await garmentsReady(run, 0, 'Collecting was given up: a bug.');
    await opened.gallery.publishIncomplete(run.id);
    await opened.gallery.proceed(run.id);
    expect(await current()).toMatchObject([{ incomplete: expect.stringContaining('given up') }]);
    await garmentsReady(cropped(runOf('SS2026', { detector: 'other' }), photos));
    expect(await current()).toMatchObject([{ incomplete: null, garmentCount: 60 }]);
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
