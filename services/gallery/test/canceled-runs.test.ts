import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { PUBLISH_JOB } from '../src/gallery.ts';
import { countStalled, letGoOnUnderWay } from '../src/records.ts';
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

describe('a canceled run', () => {
  test.each([
    ['gallery.saveRunGarments', 2],
    ['gallery.completeRunGarments', 1],
    ['gallery.publish', 1],
    ['gallery.noteProgress', 1],
    ['generateDesigns', 3],
    ['gallery.saveCollection', 1],
    // Its statistics with the collection are there.
    ['gallery.publish', 2],
  ])(
    'publishes nothing from before %s (%i) on; resumed, it publishes all once',
    async (moment, nth) => {
      const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
      const published = async () => (await batches()).length + (await collections()).length;
      let before: number | undefined;
      justBefore(moment, nth, async () => {
        await changed(run, 1, 'canceled');
        before = await published();
      });
      await garmentsReady(run);
      await ganTrained(run);
      expect(await published()).toBe(before);
      expect(stageOf(await recordOf(run)).state).toBe('CANCELED');

      await changed(run, 2);
      expect(await opened.published(`job ${PUBLISH_JOB}`)).toMatchObject([
        { data: { runId: run.id } },
      ]);
      await opened.gallery.proceed(run.id);
      await opened.gallery.proceed(run.id);
      expect((await batches()).filter(({ final }) => final)).toHaveLength(1);
      expect(await collections()).toHaveLength(1);
      expect(await current()).toMatchObject([{ garmentCount: 60, isFinal: true }]);
      expect((await recordOf(run)).state).toBe('DONE');
    },
  );

  test.each([
    ['before its collection', 2, 'CANCELED'],
    ['with its collection, and has ended', 4, 'DONE'],
  ])('counts in later seasons with what it has published %s', async (_, nth, state) => {
    const winter = cropped(runOf('FW2026'), seasonOf('FW2026', SUMMER));
    await garmentsReady(winter);
    await ganTrained(winter);
    const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
    // Of each publishing, first its own season and then the one after it.
    justBefore('gallery.publish', nth, () => changed(run, 1, 'canceled'));
    await garmentsReady(run);
    await ganTrained(run);
    expect(stageOf(await recordOf(run)).state).toBe(state);
    expect(await current()).toMatchObject([
      { season: 'FW2026', previousSeason: 'SS2026' },
      { season: 'SS2026', isFinal: state === 'DONE' },
    ]);
  });

  test('has no job and is not stalled; resumed, it is under way', async () => {
    const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
    await changed(run, 1, 'canceled');
    await garmentsReady(run);
    const later = new Date(Date.now() + 60_000);
    const idle = () =>
      opened.database.transaction('test.idle', async (tx) => ({
        underWay: await letGoOnUnderWay(tx, later),
        stalled: await countStalled(tx, later),
      }));
    expect(await idle()).toEqual({ underWay: [], stalled: 0 });
    await changed(run, 2);
    expect(await idle()).toEqual({ underWay: [run.id], stalled: 1 });
  });

  test('cannot be let be published as incomplete before it is resumed', async () => {
    const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
    await garmentsReady(run, 30);
    await changed(run, 1, 'canceled');
    expect(stageOf(await recordOf(run)).state).toBe('CANCELED');
    await expect(opened.gallery.publishIncomplete(run.id)).rejects.toMatchObject({
      reason: 'RUN_NOT_HELD',
    });
    await changed(run, 2);
    await opened.gallery.proceed(run.id);
    expect((await recordOf(run)).state).toBe('HELD');
    await opened.gallery.publishIncomplete(run.id);
  });

  test('that had ended stays as it ended', async () => {
    const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
    await garmentsReady(run);
    await ganTrained(run);
    await changed(run, 1, 'canceled');
    expect(stageOf(await recordOf(run)).state).toBe('DONE');
  });

  test('is open where its resumption came before its cancellation', async () => {
    const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
    await changed(run, 2);
    await changed(run, 1, 'canceled');
    await garmentsReady(run);
    expect(await batches()).toHaveLength(1);
  });
});
