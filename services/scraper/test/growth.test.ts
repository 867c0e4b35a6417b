import { fillTables, type OpenedPorts, openPorts, rowsRead } from '@deepstyle/testkit/services';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SCRAPER_SETTINGS, type ScraperSettings } from '../src/config.ts';
import { photoObjects } from '../src/records/stored-objects.ts';
import { listMembers, listRejections, listRuns, listSourceKeys } from '../src/records.ts';

const ROWS = 20_000;
const PAGE = 50;
const RUN = '00000000-0000-4000-8000-000000000001';

let opened: OpenedPorts<ScraperSettings>;
beforeAll(async () => {
  opened = await openPorts({ name: 'scraper', settings: SCRAPER_SETTINGS });
  await fillTables(
    opened.ports.database,
    `
      INSERT INTO runs (id, idempotency_key, season, detector, gan_skip, sources, state, created_at, updated_at)
        SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, n::text, 'SS2026', 'none', false, '[]',
          'DONE', now() - n * interval '1 s', now()
        FROM generate_series(1, ${ROWS}) AS n;
      INSERT INTO photos (id, object_key, content_type, bytes, width_px, height_px, dominant_color, source, created_at)
        SELECT md5(n::text), 'photos/' || md5(n::text), 'image/jpeg', 1, 9, 9, '#000000', 's', now() FROM generate_series(1, ${ROWS}) AS n;
      INSERT INTO run_photos (run_id, photo_id) SELECT '${RUN}', md5(n::text) FROM generate_series(1, ${ROWS}) AS n;
      INSERT INTO run_sources (run_id, source_key, name, outcome, photo_id, code, reason)
        SELECT '${RUN}', md5(n::text), 'n',
          CASE n % 2 WHEN 0 THEN 'stored' ELSE 'rejected' END,
          CASE n % 2 WHEN 0 THEN md5(n::text) END,
          CASE n % 2 WHEN 1 THEN 'NOT_AN_IMAGE' END,
          CASE n % 2 WHEN 1 THEN 'text' END
        FROM generate_series(1, ${ROWS}) AS n`,
  );
}, 60_000);
afterAll(() => opened.close());

const costOf = (work: Parameters<typeof rowsRead>[1]) => rowsRead(opened.ports.database, work);

test('a page of runs reads that page, also far behind', async () => {
  const deep = { createdAt: new Date(Date.now() - (ROWS * 1000) / 2), id: RUN };
  for (const after of [null, deep])
    expect(await costOf((tx) => listRuns(tx, PAGE, after))).toBe(PAGE);
});

test.each(['', '8'])(
  'a page of a run’s photographs, their objects and sources after "%s" reads that page',
  async (after) => {
    expect(await costOf((tx) => listMembers(tx, RUN, PAGE, after))).toBeLessThanOrEqual(
      2 * PAGE + 1,
    );
    const keys = await opened.ports.database.transaction('test', async (tx) =>
      (await listMembers(tx, RUN, PAGE, after)).map(({ objectKey }) => objectKey),
    );
    expect(await costOf((tx) => photoObjects(tx, keys))).toBe(PAGE);
    expect(await costOf((tx) => listSourceKeys(tx, RUN, after, PAGE))).toBeLessThanOrEqual(
      PAGE + 1,
    );
  },
);

test('the first rejected sources of a run are read without the others', async () => {
  expect(await costOf((tx) => listRejections(tx, RUN, PAGE))).toBe(PAGE);
});
