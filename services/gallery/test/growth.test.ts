import { fillTables, type OpenedPorts, openPorts, rowsRead } from '@deepstyle/testkit/services';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { GALLERY_SETTINGS, type GallerySettings } from '../src/config.ts';
import {
  currentTrendBatches,
  designsOfCollection,
  garmentsOfSeason,
  incompletenessOfSeason,
  newestCollections,
} from '../src/records.ts';

const ROWS = 20_000;
const PAGE = 50;
const BRANDS = 20;

let opened: OpenedPorts<GallerySettings>;
beforeAll(async () => {
  opened = await openPorts({ name: 'gallery', settings: GALLERY_SETTINGS });
  await fillTables(
    opened.ports.database,
    `
      INSERT INTO runs (id, reference, state, garments_read_at, garments, created_at, updated_at)
        SELECT 'run-' || n, jsonb_build_object('season', 'SS' || 2000 + n % 30), 'DONE', now(), 20, now(), now()
        FROM generate_series(1, ${ROWS / 10}) AS n;
      INSERT INTO season_garments (run_id, garment_id, season, photo_id, brand, category, category_type, palette)
        SELECT 'run-' || 1 + n % ${ROWS / 10}, md5(n::text), 'SS' || 2000 + n % 2, 'p' || n, '', 'dress', 'full', '[]'
        FROM generate_series(1, ${ROWS}) AS n;
      INSERT INTO designs (id, model_id, decoder_version, latent, realism, nearest_garments, image_key, image_sha256,
          image_content_type, image_bytes, size_px, created_at)
        SELECT 'd' || n, 'm', 'v', '[]', 0, '[]', 'k', 's', 'image/png', 1, 64, now()
        FROM generate_series(1, ${ROWS}) AS n;
      INSERT INTO collections (id, run_id, season, model_id, design_count, created_at)
        SELECT 'c' || n, 'run-' || 1 + n % ${ROWS / 10}, 'SS' || 2000 + n % 20, 'm', 1, now() - n * interval '1 s'
        FROM generate_series(1, ${ROWS}) AS n;
      INSERT INTO collection_designs (collection_id, position, design_id)
        SELECT 'c1', n, 'd' || n FROM generate_series(1, ${ROWS}) AS n;
      INSERT INTO trend_batches (id, run_id, season, season_rank, brand, revision, is_current, is_final, photo_count,
          garment_count, categories, palette, published_at)
        SELECT 't' || n, 'run-1', 'S' || n % 1000, n % 1000, CASE WHEN n < 1000 THEN '' ELSE 'b' || n / 1000 END, 1,
          true, true, 1, 1, '[]', '[]', now()
        FROM generate_series(0, ${ROWS} - 1) AS n`,
  );
}, 60_000);
afterAll(() => opened.close());

const costOf = (work: Parameters<typeof rowsRead>[1]) => rowsRead(opened.ports.database, work);
const deep = { createdAt: new Date(Date.now() - (ROWS * 1000) / 2), id: 'c' };

test.each([null, 'SS2007'])(
  'a page of collections (season: %s) reads that page',
  async (season) => {
    for (const after of [null, deep])
      expect(await costOf((tx) => newestCollections(tx, season, after, PAGE))).toBe(PAGE);
  },
);

test.each([
  { filter: { season: null, brand: undefined }, after: null },
  { filter: { season: null, brand: undefined }, after: { seasonRank: 500, brand: 'b5' } },
  { filter: { season: null, brand: null }, after: null },
  { filter: { season: null, brand: 'b7' }, after: { seasonRank: 900, brand: 'b7' } },
])('a page of trend batches reads that page: $filter after $after', async ({ filter, after }) => {
  const cost = await costOf((tx) => currentTrendBatches(tx, filter, after, PAGE));
  // Of the season that the page begins in, its brands before that are passed over.
  expect(cost).toBeLessThanOrEqual(PAGE + BRANDS);
});

test('pages of designs and of a season’s garments read what they show', async () => {
  expect(await costOf((tx) => designsOfCollection(tx, 'c1', ROWS / 2, PAGE))).toBeLessThanOrEqual(
    2 * PAGE,
  );
  // Of each garment also its run, which says whether it counts.
  expect(await costOf((tx) => garmentsOfSeason(tx, 'SS2001', '8', PAGE))).toBeLessThanOrEqual(
    2 * PAGE + 2,
  );
});

test('whether a season lacks something reads no run that lacks nothing', async () => {
  expect(await costOf((tx) => incompletenessOfSeason(tx, 'SS2007'))).toBe(0);
});
