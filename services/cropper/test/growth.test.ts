import { fillTables, type OpenedPorts, openPorts, rowsRead } from '@deepstyle/testkit/services';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CROPPER_SETTINGS, type CropperSettings } from '../src/config.ts';
import {
  garmentObjects,
  garmentsById,
  garmentsOfPhotos,
  garmentsOfRun,
  runsById,
  settledPhotos,
} from '../src/records.ts';

const GARMENTS = 20_000;
const PAGE = 50;
/** A page, what is joined to each of its rows, and the row that says whether more follows. */
const PAGE_LIMIT = 2 * PAGE + 2;

let opened: OpenedPorts<CropperSettings>;
beforeAll(async () => {
  opened = await openPorts({ name: 'cropper', settings: CROPPER_SETTINGS });
  await fillTables(
    opened.ports.database,
    `
      INSERT INTO runs (id, reference, garments, created_at, updated_at)
        SELECT 'run-' || n, '{}', ${GARMENTS / 2}, now(), now() FROM generate_series(0, 1) AS n;
      INSERT INTO garments (id, photo_id, detector, box, category, category_type, image_key, image_sha256,
          image_content_type, image_bytes, width_px, height_px, palette, created_at)
        SELECT md5(n::text), 'photo-' || n / 2, 'none', '{0,0,9,9}', 'dress', 'full', md5(n::text), 's', 'image/webp', 1, 9, 9,
          '[]', now()
        FROM generate_series(1, ${GARMENTS}) AS n;
      INSERT INTO run_photos (run_id, photo_id, outcome)
        SELECT 'run-1', 'photo-' || n, 'done' FROM generate_series(1, ${GARMENTS / 2}) AS n;
      INSERT INTO run_garments (run_id, garment_id, category, category_type)
        SELECT 'run-' || n % 2, md5(n::text), 'dress', 'full' FROM generate_series(1, ${GARMENTS}) AS n`,
  );
}, 60_000);
afterAll(() => opened.close());

test.each(['', '8', 'fff'])(
  'a page of a run’s garments after "%s" reads that page',
  async (after) => {
    const { database } = opened.ports;
    expect(
      await rowsRead(database, (tx) => garmentsOfRun(tx, 'run-1', after, PAGE)),
    ).toBeLessThanOrEqual(PAGE_LIMIT);
  },
);

test('the garments of photographs, by id and by image, and the count of a run read what they answer', async () => {
  const { database } = opened.ports;
  const photos = Array.from({ length: PAGE }, (_, n) => `photo-${100 * n + 1}`);
  expect(await rowsRead(database, (tx) => garmentsOfPhotos(tx, photos, 100))).toBe(2 * PAGE);
  const ids = await opened.ports.database.transaction('test', async (tx) =>
    (await garmentsOfRun(tx, 'run-0', '', PAGE)).map(({ id }) => id),
  );
  expect(await rowsRead(database, (tx) => garmentsById(tx, ids))).toBe(PAGE);
  expect(await rowsRead(database, (tx) => garmentObjects(tx, ids))).toBe(PAGE);
  expect(await rowsRead(database, (tx) => runsById(tx, ['run-0']))).toBeLessThanOrEqual(2);
});

test('which photographs of a run are settled reads those that are asked for', async () => {
  const asked = Array.from({ length: PAGE }, (_, n) => ({
    runId: 'run-1',
    photoId: `photo-${n + 1}`,
  }));
  expect(await rowsRead(opened.ports.database, (tx) => settledPhotos(tx, asked))).toBe(PAGE);
});
