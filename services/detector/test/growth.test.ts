import type { RunReference } from '@deepstyle/contracts';
import { fillTables, rowsRead } from '@deepstyle/testkit/services';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  failPhotos,
  listLosses,
  releasePhotos,
  runsById,
  settlePhotos,
  takePhotos,
} from '../src/records.ts';
import { openPorts } from './opened-ports.ts';
import { runOf } from './running-detector.ts';

const PHOTOS = 20_000;
const GROUP = 32;
const run: RunReference = runOf('run', 'm'.repeat(64));

let opened: Awaited<ReturnType<typeof openPorts>>;
beforeAll(async () => {
  opened = await openPorts();
  const { database } = opened.ports;
  await database.transaction('test.run', (tx) =>
    tx.query('INSERT INTO runs (id, detector, reference, seen_at) VALUES ($1, $2, $3, now())', [
      run.id,
      run.detector,
      JSON.stringify(run),
    ]),
  );
  await fillTables(
    database,
    `
      INSERT INTO run_photos (run_id, photo_id, photo, state)
        SELECT 'run', md5(n::text), '{}', 'queued' FROM generate_series(1, ${PHOTOS}) AS n;
      INSERT INTO detections (model_id, photo_id, detections, detected_at)
        SELECT '${run.detector}', md5(n::text), '[{}, {}]', now() FROM generate_series(1, ${PHOTOS}) AS n;
      INSERT INTO trainings (id, dataset_id, labels, hyperparameters, state, created_at, updated_at)
        VALUES ('t', 'd', 'types', '{}', 'done', now(), now());
      INSERT INTO training_losses (training_id, step, objectness, rpn_box, classification, box, steps_per_second)
        SELECT 't', 2 * n, 1, 1, 1, 1, 1 FROM generate_series(1, ${PHOTOS}) AS n`,
  );
}, 60_000);
afterAll(() => opened.close());

const take = (job: string) => {
  const now = new Date();
  return { runId: run.id, job, now, until: new Date(now.getTime() + 300_000) };
};
const inTx = <T>(work: Parameters<typeof opened.ports.database.transaction<T>>[1]) =>
  opened.ports.database.transaction('test', work);
const summary = async () => (await inTx((tx) => runsById(tx, [run.id])))[0];
const ids = (from: number, count: number) =>
  inTx(async (tx) =>
    (
      await tx.query<{ photo_id: string }>(
        'SELECT photo_id FROM run_photos ORDER BY photo_id OFFSET $1 LIMIT $2',
        [from, count],
      )
    ).map((row) => row.photo_id),
  );

test('how far a run is costs one row, however many photographs it has', async () => {
  expect(await rowsRead(opened.ports.database, (tx) => runsById(tx, [run.id]))).toBe(1);
});

test('to take a group and to give it back costs the group', async () => {
  const { database } = opened.ports;
  const taken = await rowsRead(database, (tx) => takePhotos(tx, take('one'), GROUP, []));
  expect(taken).toBeLessThanOrEqual(4 * GROUP);
  const next = await rowsRead(database, (tx) => takePhotos(tx, take('two'), GROUP, []));
  expect(next).toBeLessThanOrEqual(5 * GROUP);
  const released = await rowsRead(database, (tx) => releasePhotos(tx, run.id, 'one', false));
  expect(released).toBeLessThanOrEqual(2 * GROUP);
});

test('what is settled is counted once, with the garments found in it', async () => {
  const [settled, failed] = [await ids(0, 30), await ids(30, 5)];
  const before = await summary();
  const now = new Date();
  await inTx((tx) => settlePhotos(tx, run.id, settled, now));
  await inTx((tx) => settlePhotos(tx, run.id, settled, now));
  const failures = [...failed, ...settled].map((photoId) => ({ photoId, reason: 'unreadable' }));
  await inTx((tx) => failPhotos(tx, run.id, failures, now));
  expect(await summary()).toMatchObject({
    done: (before?.done ?? 0) + 30,
    failed: (before?.failed ?? 0) + 5,
    detections: (before?.detections ?? 0) + 60,
    updatedAt: now,
  });
});

test('a thinned curve ends with its last point, and reads what it shows and the first points', async () => {
  const cost = await rowsRead(opened.ports.database, (tx) => listLosses(tx, 't', GROUP));
  expect(cost).toBeLessThanOrEqual(2 * GROUP + 10);
  const losses = await inTx((tx) => listLosses(tx, 't', GROUP));
  const steps = losses.map(({ step }) => step);
  expect(steps).toHaveLength(GROUP);
  expect(steps.at(-1)).toBe(2 * PHOTOS);
  const gaps = steps.slice(1).map((step, place) => step - (steps[place] ?? 0));
  for (const gap of gaps) expect(gap).toBeCloseTo((2 * PHOTOS) / GROUP, -1);
  // A short one is whole.
  expect(await inTx((tx) => listLosses(tx, 't', PHOTOS))).toHaveLength(PHOTOS);
});
