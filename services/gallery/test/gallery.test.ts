import type { RunReference } from '@deepstyle/contracts';
import { DeepStyleError } from '@deepstyle/platform';
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
const WINTER = { dress: 14, coat: 30, skirt: 16 };

function cropped(run: RunReference, garments: readonly DrawnGarment[]): RunReference {
  opened.cropped.set(run.id, { run, garments });
  return run;
}

const garmentsReady = (run: RunReference) =>
  opened.gallery.garmentsReady({ run, photos: 1, failedPhotos: 0, garments: 1 });
const ganTrained = (run: RunReference) =>
  opened.gallery.ganReady({ run, outcome: 'trained', modelId: 'gan-1', reason: 'trained' });
/** Both events of a run, in the order in which they are published. */
const trained = async (run: RunReference) => {
  await garmentsReady(run);
  await ganTrained(run);
};
const skipped = (run: RunReference) =>
  opened.gallery.ganReady({ run, outcome: 'skipped', modelId: null, reason: 'too few garments' });

const batchesPublished = async () =>
  (await opened.published('deepstyle.trend-batch.published.v1')).map(({ data }) => data);
const current = () =>
  opened.database.transaction('test.current', (tx) =>
    currentTrendBatches(tx, { season: null, brand: undefined }, null, 100),
  );
const stateOf = async (run: RunReference) =>
  (await opened.database.transaction('test.run', (tx) => runsById(tx, [run.id])))[0];

async function designObjects(): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of opened.objects.list('designs/')) keys.push(key);
  return keys;
}

describe('a run', () => {
  test('publishes its trends at once, and again with its collection', async () => {
    const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
    await garmentsReady(run);
    await trained(run);
    const [first, second, ...more] = await batchesPublished();
    expect(more).toEqual([]);
    expect(first).toMatchObject({ revision: 1, supersedes: null, collectionId: null });
    expect(first).toMatchObject({ final: false, garments: 60, photos: 60, brand: null });
    expect(second).toMatchObject({ revision: 2, supersedes: first.trendBatchId, final: true });
    const [created] = await opened.published('deepstyle.collection.created.v1');
    expect(created?.data).toMatchObject({ collectionId: second.collectionId, designs: 3 });
    expect(await current()).toMatchObject([
      { revision: 2, momentumReason: 'no earlier season', previousSeason: null },
    ]);
    expect(await stateOf(run)).toMatchObject({ state: 'DONE', received: 5, requested: 5 });
  });

  test('keeps the designs of its collection and no other object', async () => {
    const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
    await trained(run);
    expect(await designObjects()).toHaveLength(opened.settings.designs);
  });

  test('without a model publishes a last revision without a collection', async () => {
    const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
    await garmentsReady(run);
    await skipped(run);
    const batches = await batchesPublished();
    expect(batches).toMatchObject([
      { final: false, collectionId: null },
      { final: true, collectionId: null, revision: 2 },
    ]);
    expect(await stateOf(run)).toMatchObject({
      state: 'DONE',
      detail: 'trends published without a collection: too few garments',
    });
  });

  test('whose gan.ready overtakes its garments.ready ends the same, without a step back', async () => {
    const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
    await ganTrained(run);
    await garmentsReady(run);
    expect(await batchesPublished()).toMatchObject([{ final: true, revision: 1, garments: 60 }]);
  });

  test('whose events come again and at once publishes nothing twice', async () => {
    const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
    await Promise.all([garmentsReady(run), trained(run), garmentsReady(run), trained(run)]);
    await trained(run);
    await garmentsReady(run);
    const batches = await batchesPublished();
    expect(batches.filter(({ final }) => final)).toHaveLength(1);
    expect(batches.length).toBeLessThanOrEqual(2);
    expect(await opened.published('deepstyle.collection.created.v1')).toHaveLength(1);
    expect(await current()).toMatchObject([{ isFinal: true }]);
    expect(await designObjects()).toHaveLength(opened.settings.designs);
  });

  test('without garments publishes nothing and says so', async () => {
    const run = cropped(runOf('SS2026'), []);
    await garmentsReady(run);
    await skipped(run);
    expect(await batchesPublished()).toEqual([]);
    const detail = `The run has no garments, so there is nothing to publish. To try it again: deepstyle run retry run_${run.id}`;
    expect(await stateOf(run)).toMatchObject({ state: 'FAILED', detail });
  });

  test('whose designs cannot be had ends without them', async () => {
    const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
    opened.hazard.strike = failing('generateDesigns', 'NOT_FOUND');
    await trained(run);
    expect((await batchesPublished()).at(-1)).toMatchObject({ final: true, collectionId: null });
    expect(await stateOf(run)).toMatchObject({ state: 'FAILED' });
  });

  test('whose trainer is away is left for another attempt', async () => {
    const run = cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER));
    opened.hazard.strike = failing('generateDesigns', 'UNAVAILABLE');
    await expect(trained(run)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    opened.hazard.strike = () => undefined;
    await trained(run);
    const [first, second] = await batchesPublished();
    expect(first).toMatchObject({ final: false, collectionId: null });
    expect(second).toMatchObject({ final: true, collectionId: expect.stringMatching(/^[0-9a-f]/) });
    expect(
      new Set(opened.requests.map(({ seed, requestKey }) => `${seed} ${requestKey}`)).size,
    ).toBe(1);
  });
});

function failing(moment: string, code: 'NOT_FOUND' | 'UNAVAILABLE') {
  return (now: string) => {
    if (now === moment) throw new DeepStyleError({ code, message: 'drawn failure' });
  };
}

test('killed at every moment in turn, a run ends with one collection and its trends', async () => {
  const expected = { collections: 1, final: 1 };
  for (let kill = 1; ; kill += 1) {
    const run = cropped(runOf('SS2026'), seasonOf(`SS2026 ${kill}`, { dress: 30 }));
    let moments = 0;
    opened.hazard.strike = () => {
      moments += 1;
      if (moments === kill) throw new Error('killed');
    };
    const first = await garmentsReady(run)
      .then(() => ganTrained(run))
      .then(
        () => 'survived',
        () => 'killed',
      );
    opened.hazard.strike = () => undefined;
    await trained(run);
    const ofRun = ({ data }: { data: { run: RunReference } }) => data.run.id === run.id;
    const created = (await opened.published('deepstyle.collection.created.v1')).filter(ofRun);
    const batches = (await batchesPublished()).filter((data) => data.run.id === run.id);
    expect({
      collections: created.length,
      final: batches.filter(({ final }) => final).length,
    }).toEqual(expected);
    expect((await stateOf(run))?.state).toBe('DONE');
    expect(await designObjects()).toHaveLength(kill * opened.settings.designs);
    if (first === 'survived') break;
  }
}, 300_000);

describe('seasons', () => {
  test('are compared with the season before, and what changed is called', async () => {
    await garmentsReady(cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER)));
    await garmentsReady(cropped(runOf('FW2026'), seasonOf('FW2026', WINTER)));
    const [, winter] = await batchesPublished();
    expect(winter).toMatchObject({ season: 'FW2026', garments: 60 });
    expect(winter.rising).toContain('coat');
    expect(winter.falling).toContain('dress');
    expect([...winter.rising, ...winter.falling]).not.toContain('skirt');
    const [batch] = await current();
    expect(batch).toMatchObject({
      season: 'FW2026',
      previousSeason: 'SS2026',
      momentumReason: null,
    });
  });

  test('that come in the other order end with the same numbers', async () => {
    const winter = cropped(runOf('FW2026'), seasonOf('FW2026', WINTER));
    await garmentsReady(winter);
    await trained(winter);
    await garmentsReady(cropped(runOf('SS2026'), seasonOf('SS2026', SUMMER)));
    const batches = await batchesPublished();
    expect(batches.map(({ season, revision }) => `${season} ${revision}`)).toEqual([
      'FW2026 1',
      'FW2026 2',
      'SS2026 1',
      'FW2026 3',
    ]);
    expect(batches[3]).toMatchObject({
      final: true,
      collectionId: batches[1].collectionId,
      supersedes: batches[1].trendBatchId,
    });
    expect(batches[3].rising).toContain('coat');
  });

  test('count a photograph of two runs once, as the newer run has it', async () => {
    const photos = seasonOf('SS2026', { dress: 20, skirt: 20 });
    await garmentsReady(cropped(runOf('SS2026'), photos));
    const again = photos.slice(0, 25).map((garment) => ({ ...garment, category: 'shirt' }));
    const more = seasonOf('SS2026', { coat: 5 });
    await garmentsReady(cropped(runOf('SS2026', { detector: 'other' }), [...again, ...more]));
    const [batch] = await current();
    expect(batch).toMatchObject({ garmentCount: 45, photoCount: 45, revision: 2 });
    expect(batch?.categories.map(({ name, count }) => [name, count])).toEqual([
      ['shirt', 25],
      ['skirt', 15],
      ['coat', 5],
    ]);
  });
});

describe('brands', () => {
  const season = (name: string, brand: string, count: number) =>
    seasonOf(name, { dress: count - 8, coat: 8 }, brand);

  test('with enough garments have batches of their own', async () => {
    const garments = [...season('SS2026', 'Aurelle', 32), ...season('SS2026', 'Vastra', 29)];
    const run = cropped(runOf('SS2026'), garments);
    await garmentsReady(run);
    await trained(run);
    const batches = await current();
    expect(batches.map(({ brand, garmentCount }) => [brand, garmentCount])).toEqual([
      [null, 61],
      ['Aurelle', 32],
    ]);
    // The collection is of all brands: theirs have nothing to wait for.
    expect(batches.map(({ collectionId }) => collectionId !== null)).toEqual([true, false]);
    expect(batches.map(({ revision, isFinal }) => [revision, isFinal])).toEqual([
      [2, true],
      [1, true],
    ]);
  });

  test('are compared with their own season before', async () => {
    await garmentsReady(cropped(runOf('SS2025'), season('SS2025', 'Aurelle', 40)));
    await garmentsReady(cropped(runOf('FW2025'), season('FW2025', 'Vastra', 40)));
    const both = [...season('SS2026', 'Aurelle', 40), ...season('SS2026', 'Vastra', 40)];
    await garmentsReady(cropped(runOf('SS2026'), both));
    const batches = (await current()).filter((batch) => batch.season === 'SS2026');
    expect(batches.map(({ brand, previousSeason }) => [brand, previousSeason])).toEqual([
      [null, 'FW2025'],
      ['Aurelle', 'SS2025'],
      ['Vastra', 'FW2025'],
    ]);
  });

  test('to which a run was limited take its collection', async () => {
    const run = cropped(runOf('SS2026', { brand: 'Aurelle' }), season('SS2026', 'Aurelle', 40));
    await garmentsReady(run);
    await trained(run);
    const batches = await current();
    expect(new Set(batches.map(({ collectionId }) => collectionId)).size).toBe(1);
    expect(batches.every(({ collectionId }) => collectionId !== null)).toBe(true);
  });
});
