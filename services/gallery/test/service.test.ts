import type { RunReference } from '@deepstyle/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runOf, seasonOf } from './drawn-run.ts';
import { type RunningGallery, runGallery } from './running-gallery.ts';

const DESIGNS = 6;

let service: RunningGallery;
const summer = runOf('SS2026');
const winter = runOf('FW2026');

/** Two seasons: the first without a model, the second with its gan.ready first and everything twice. */
beforeAll(async () => {
  service = await runGallery({ GALLERY_DESIGNS: String(DESIGNS), GALLERY_CANDIDATES: '12' });
  const brand = 'Aurelle';
  const seasons = [
    [summer, seasonOf('SS2026', { dress: 40, coat: 4, skirt: 16 }, brand)],
    [winter, seasonOf('FW2026', { dress: 14, coat: 30, skirt: 16 }, brand)],
  ] as const;
  for (const [run, garments] of seasons) service.peers.cropped.set(run.id, { run, garments });
  const counts = { photos: 60, failedPhotos: 0, garments: 60 };
  const skip = { run: summer, outcome: 'skipped', modelId: null, reason: 'not wanted' } as const;
  await service.publish('deepstyle.garments.ready.v1', { run: summer, ...counts });
  await service.publish('deepstyle.gan.ready.v1', skip);
  await final(summer);
  const train = { run: winter, outcome: 'trained', modelId: 'gan-1', reason: 'trained' } as const;
  await service.publish('deepstyle.gan.ready.v1', train);
  await service.publish('deepstyle.garments.ready.v1', { run: winter, ...counts });
  await service.publish('deepstyle.gan.ready.v1', train);
  await final(winter);
});
afterAll(() => service.close());

const final = (run: RunReference) =>
  service.event(
    ({ type, data }) =>
      type === 'deepstyle.trend-batch.published.v1' &&
      data.run.id === run.id &&
      data.brand === null &&
      data.final,
  );

const entities = `query ($ids: [_Any!]!) { _entities(representations: $ids) {`;
const runEntity = (run: RunReference) => ({
  ids: [{ __typename: 'Run', id: `run_${run.id}` }],
});

describe('events', () => {
  test('announce one collection, generated from the run with a seed and key of its own', () => {
    const created = service.events.filter(({ type }) => type === 'deepstyle.collection.created.v1');
    expect(created).toMatchObject([{ data: { run: winter, modelId: 'gan-1', designs: DESIGNS } }]);
    const [request] = service.peers.requests;
    expect(request).toMatchObject({ modelId: 'gan-1', count: 12, requestKey: winter.id });
  });

  test('call what rises and falls, once with the collection', () => {
    const batches = service.events.flatMap((event) =>
      event.type === 'deepstyle.trend-batch.published.v1' ? [event.data] : [],
    );
    const ofAll = batches.filter((data) => data.run.id === winter.id && data.brand === null);
    expect(ofAll.filter((data) => data.final)).toHaveLength(1);
    const last = ofAll.find((data) => data.final);
    expect(last?.rising).toContain('coat');
    expect(last?.falling).toContain('dress');
    expect(last?.collectionId).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('the graph', () => {
  test('leads from the trend batch over the collection to designs, their model and garments', async () => {
    const { data, errors } = await service.graph(`{
      trendBatches(first: 10, brand: "") { edges { node {
        season current revision previousSeason momentumReason garmentCount
        run { id }
        collection { season brand designCount model { id } designs(first: 2) {
          pageInfo { hasNextPage endCursor }
          edges { cursor node { id realism model { id }
            image { url(width: 64, format: PNG) width height blurhash dominantColor }
            nearestGarments { distance garment { id } } } } } }
        categories { name type count share interval { low high }
          momentum { change adjustedP direction interval { low high } } }
        palette { name hex share }
      } } }
    }`);
    expect(errors).toBeUndefined();
    const [newest, earlier] = data.trendBatches.edges.map(({ node }: { node: unknown }) => node);
    expect(newest).toMatchObject({ season: 'FW2026', previousSeason: 'SS2026', current: true });
    expect(newest).toMatchObject({ run: { id: `run_${winter.id}` }, momentumReason: null });
    expect(newest.categories[0]).toMatchObject({
      name: 'coat',
      type: 'full',
      count: 30,
      share: 0.5,
      momentum: { direction: 'RISING' },
    });
    expect(newest.palette[0].hex).toMatch(/^#[0-9a-f]{6}$/);
    expect(newest.collection).toMatchObject({ designCount: DESIGNS, model: { id: 'gan_gan-1' } });
    const [{ node: design }] = newest.collection.designs.edges;
    expect(design.id).toMatch(/^design_[0-9a-f]{64}$/);
    expect(design.model.id).toBe('gan_gan-1');
    expect(design.nearestGarments[0]).toMatchObject({ distance: 3 });
    expect(design.nearestGarments[0].garment.id).toMatch(/^garment_[0-9a-f]{64}$/);
    expect(design.image).toMatchObject({ width: 8, height: 8 });
    expect(design.image.url).toMatch(/^\/images\/designs\/.*\?w=64&f=png$/);
    expect(design.image.dominantColor).toMatch(/^#/);
    expect(earlier).toMatchObject({ season: 'SS2026', momentumReason: 'no earlier season' });
    expect(earlier.collection).toBeNull();
  });

  test('pages through the designs of a collection in their order', async () => {
    const query = `query ($after: String) { collections(first: 1) { edges { node { id
      designs(first: 4, after: $after) { pageInfo { hasNextPage endCursor } edges { node { id } } }
    } } } }`;
    const designsAfter = async (after: string | null) =>
      (await service.graph(query, { after })).data.collections.edges[0].node.designs;
    const first = await designsAfter(null);
    const second = await designsAfter(first.pageInfo.endCursor);
    expect([first.edges.length, second.edges.length]).toEqual([4, DESIGNS - 4]);
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false]);
    const ids = [...first.edges, ...second.edges].map(
      ({ node }: { node: { id: string } }) => node.id,
    );
    expect(new Set(ids).size).toBe(DESIGNS);
  });

  test('adds to a run how far it is, its collection and its batches', async () => {
    const query = `${entities} ... on Run { publishing { state done expected detail stalled }
      collection { season } trendBatches { season brand revision supersedes { revision current } } } } }`;
    const { data } = await service.graph(query, runEntity(winter));
    const [run] = data._entities;
    expect(run.publishing).toMatchObject({ state: 'DONE', done: 12, expected: 12, stalled: false });
    expect(run.collection).toEqual({ season: 'FW2026' });
    expect(run.trendBatches.map(({ brand }: { brand: string | null }) => brand)).toEqual([
      null,
      'Aurelle',
    ]);
    for (const { supersedes } of run.trendBatches)
      if (supersedes !== null) expect(supersedes).toMatchObject({ current: false });
  });

  test('knows a run of which nothing has arrived as waiting', async () => {
    const query = `${entities} ... on Run { publishing { state } collection { id } trendBatches { id } } } }`;
    const { data } = await service.graph(query, runEntity(runOf('SS2027')));
    expect(data._entities).toEqual([
      { publishing: { state: 'WAITING' }, collection: null, trendBatches: [] },
    ]);
  });

  test('reads single designs, collections and batches by id, and null where there is none', async () => {
    const { data } = await service.graph(`{
      collections(first: 1) { edges { node { id designs(first: 1) { edges { node { id } } } } } }
      trendBatches(first: 1) { edges { node { id } } } }`);
    const collection = data.collections.edges[0].node;
    const ids = {
      collection: collection.id,
      design: collection.designs.edges[0].node.id,
      batch: data.trendBatches.edges[0].node.id,
      none: `design_${'0'.repeat(64)}`,
    };
    const single = await service.graph(
      `query ($collection: ID!, $design: ID!, $batch: ID!, $none: ID!) {
        collection(id: $collection) { id } design(id: $design) { id }
        trendBatch(id: $batch) { id } none: design(id: $none) { id } }`,
      ids,
    );
    expect(single.data).toEqual({
      collection: { id: ids.collection },
      design: { id: ids.design },
      trendBatch: { id: ids.batch },
      none: null,
    });
  });

  test.each([
    ['{ trendBatches(first: 101) { edges { cursor } } }', 'first'],
    ['{ collections(first: 1, after: "x") { edges { cursor } } }', 'after'],
    ['{ design(id: "photo_1") { id } }', 'is not the id of a Design'],
  ])('refuses %s', async (query, problem) => {
    const { errors } = await service.graph(query);
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors?.[0]?.message).toContain(problem);
  });

  test('narrows batches to a season and to a brand', async () => {
    const { data } = await service.graph(`{
      season: trendBatches(first: 9, season: "SS2026") { edges { node { season brand } } }
      brand: trendBatches(first: 9, brand: "Aurelle") { edges { node { season brand } } } }`);
    const nodes = (name: string) => data[name].edges.map(({ node }: { node: unknown }) => node);
    expect(nodes('season')).toEqual([
      { season: 'SS2026', brand: null },
      { season: 'SS2026', brand: 'Aurelle' },
    ]);
    expect(nodes('brand')).toEqual([
      { season: 'FW2026', brand: 'Aurelle' },
      { season: 'SS2026', brand: 'Aurelle' },
    ]);
  });
});
