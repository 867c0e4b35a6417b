import type { RunReference } from '@deepstyle/contracts';
import { type DatabaseServer, openDatabaseServer, openObjects } from '@deepstyle/storage';
import {
  describeWithServer,
  type PostgresServer,
  startPostgres,
  type TemporaryFolder,
  temporaryFolder,
} from '@deepstyle/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { currentTrendBatches } from '../src/records.ts';
import { runOf, seasonOf } from './drawn-run.ts';
import { galleryOver, type OpenedGallery } from './opened-gallery.ts';

const REPLICAS = 3;

describeWithServer('postgres', 'several galleries on one PostgreSQL', () => {
  let postgres: PostgresServer;
  let folder: TemporaryFolder;
  const servers: DatabaseServer[] = [];
  const replicas: Omit<OpenedGallery, 'close'>[] = [];
  beforeAll(async () => {
    postgres = await startPostgres();
    folder = await temporaryFolder('gallery');
    const { store } = await openObjects({ dataFolder: folder.path, publicUrl: 'http://test' });
    for (let index = 0; index < REPLICAS; index += 1) {
      const server = await openDatabaseServer({ dataFolder: '/nowhere', url: postgres.url });
      servers.push(server);
      replicas.push(await galleryOver(await server.schema('gallery'), store));
    }
  });
  afterAll(async () => {
    for (const server of servers) await server.close();
    await postgres.stop();
    await folder.remove();
  });

  const handledByAll = (runs: readonly RunReference[]) =>
    Promise.all(
      replicas.flatMap(({ gallery }) =>
        runs.flatMap((run) => [
          gallery.garmentsReady({ run, photos: 1, failedPhotos: 0, garments: 1 }),
          gallery.ganReady({ run, outcome: 'trained', modelId: 'gan-1', reason: 'trained' }),
        ]),
      ),
    );

  test('that all handle every event of three runs give each season one chain of revisions', async () => {
    const seasons = ['SS2026', 'FW2026', 'FW2026'];
    const runs = seasons.map((season) => runOf(season));
    for (const [index, run] of runs.entries()) {
      const garments = seasonOf(
        `${run.season} ${index}`,
        { dress: 30, coat: 10 + 20 * index },
        'Vastra',
      );
      for (const { cropped } of replicas) cropped.set(run.id, { run, garments });
    }
    await handledByAll(runs);

    const [one] = replicas;
    const created = await one!.published('deepstyle.collection.created.v1');
    expect(created).toHaveLength(runs.length);
    const batches = (await one!.published('deepstyle.trend-batch.published.v1')).map(
      ({ data }) => data,
    );
    for (const brand of [null, 'Vastra']) {
      for (const season of new Set(seasons)) {
        const chain = batches.filter((data) => data.season === season && data.brand === brand);
        expect(chain.map(({ revision }) => revision)).toEqual(chain.map((_, index) => index + 1));
        expect(chain.map(({ supersedes }) => supersedes)).toEqual([
          null,
          ...chain.slice(0, -1).map(({ trendBatchId }) => trendBatchId),
        ]);
      }
    }
    const current = await one!.database.transaction('test.current', (tx) =>
      currentTrendBatches(tx, { season: null, brand: undefined }, null, 10),
    );
    expect(current.map(({ season, brand, garmentCount }) => [season, brand, garmentCount])).toEqual(
      [
        ['FW2026', null, 140],
        ['FW2026', 'Vastra', 140],
        ['SS2026', null, 40],
        ['SS2026', 'Vastra', 40],
      ],
    );
    expect(current[0]).toMatchObject({ previousSeason: 'SS2026', momentumReason: null });
  });

  test('publish nothing more of a run once one of them has noted that it is canceled', async () => {
    const run = runOf('SS2031');
    const garments = seasonOf('SS2031', { dress: 40 });
    for (const { cropped } of replicas) cropped.set(run.id, { run, garments });
    const [one] = replicas;
    const published = async (): Promise<number> => {
      const batches = await one!.published('deepstyle.trend-batch.published.v1');
      const collections = await one!.published('deepstyle.collection.created.v1');
      return [...batches, ...collections].filter(({ data }) => data.run.id === run.id).length;
    };
    let noted: Promise<number> | undefined;
    one!.hazard.strike = (moment) => {
      if (moment !== 'gallery.publish') return;
      // Nothing waits for it: it meets the transactions of all three.
      noted ??= one!.gallery.runChanged({ run, revision: 1, state: 'canceled' }).then(published);
    };
    await handledByAll([run]);
    one!.hazard.strike = () => undefined;
    const before = await noted;
    expect(before).toBeDefined();
    expect(await published()).toBe(before);
  });
});
