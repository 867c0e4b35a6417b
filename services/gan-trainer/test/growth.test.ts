import { createHash } from 'node:crypto';
import { fillTables, type OpenedPorts, openPorts, rowsRead } from '@deepstyle/testkit/services';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { GAN_TRAINER_SETTINGS, type GanTrainerSettings } from '../src/config.ts';
import {
  designObjects,
  earlierRuns,
  gridObjects,
  listDesigns,
  listMetrics,
  listModelGarments,
  modelsById,
} from '../src/records.ts';
import { runOf } from './drawn-garments.ts';

const ROWS = 4_000;
const IMAGES = 20_000;
const PAGE = 50;

let opened: OpenedPorts<GanTrainerSettings>;
beforeAll(async () => {
  opened = await openPorts({ name: 'gan-trainer', settings: GAN_TRAINER_SETTINGS });
  await fillTables(
    opened.ports.database,
    `
      INSERT INTO trainings (run_id, run, season, state, garments, created_at, updated_at)
        SELECT 'run-' || n, jsonb_build_object('detector', 'd' || n % 100), 'SS2026', 'done', 1,
          now() - n * interval '1 s', now()
        FROM generate_series(1, ${ROWS}) AS n;
      INSERT INTO models (id, run_id, season, size_px, latent_size, parameters, steps, best_step, feature_space,
          manifest_hash, hyperparameters, weights_key, onnx_key, created_at, garment_count)
        VALUES ('m', 'run-1', 'SS2026', 64, 100, 1, 1, 1, 'f', 'h', '{}', 'w', 'o', now(), ${ROWS});
      INSERT INTO model_garments (model_id, garment_id, held_out)
        SELECT 'm', md5(n::text), n % 10 = 0 FROM generate_series(1, ${ROWS}) AS n;
      INSERT INTO generate_requests (request_key, model_id, count, seed, state, created_at)
        VALUES ('q', 'm', ${ROWS}, '1', 'done', now());
      INSERT INTO generated_designs (request_key, position, latent, image, realism, nearest)
        SELECT 'q', n, '[]', jsonb_build_object('key', md5(n::text)), 0, '[]' FROM generate_series(1, ${IMAGES}) AS n;
      INSERT INTO training_metrics (run_id, step, generator_loss, kid)
        SELECT 'run-1', n, 1, CASE WHEN n % 1000 = 0 THEN 1 END FROM generate_series(1, ${IMAGES}) AS n;
      INSERT INTO training_samples (run_id, step, image_key, width_px, height_px)
        SELECT 'run-' || 1 + n % ${ROWS}, n, md5(n::text), 1, 1 FROM generate_series(1, ${IMAGES}) AS n`,
  );
}, 60_000);
afterAll(() => opened.close());

const costOf = (work: Parameters<typeof rowsRead>[1]) => rowsRead(opened.ports.database, work);

test('a model with its number of garments is one row', async () => {
  expect(await costOf((tx) => modelsById(tx, ['m']))).toBe(1);
});

test('pages of a model’s garments and of designs read what they show, but for the held-out ones', async () => {
  const garments = await costOf((tx) => listModelGarments(tx, 'm', '8', PAGE));
  expect(garments).toBeLessThanOrEqual(2 * PAGE);
  expect(await costOf((tx) => listDesigns(tx, 'q', ROWS / 2, PAGE))).toBe(PAGE);
});

test('earlier runs of a detector are found without the runs of others', async () => {
  const run = { ...runOf('new'), detector: 'd7' };
  expect(await costOf((tx) => earlierRuns(tx, run, PAGE))).toBeLessThanOrEqual(PAGE + 2);
});

test('which stored images are named reads those alone', async () => {
  const keys = Array.from({ length: PAGE }, (_, n) =>
    createHash('md5')
      .update(`${n + 1}`)
      .digest('hex'),
  );
  expect(await costOf((tx) => designObjects(tx, keys))).toBe(PAGE);
  expect(await costOf((tx) => gridObjects(tx, keys))).toBe(PAGE);
});

test('a thinned curve reads what it shows, and the first points to know how long it is', async () => {
  // For each place also its row, and the ends of the curve.
  expect(await costOf((tx) => listMetrics(tx, 'run-1', PAGE))).toBeLessThanOrEqual(3 * PAGE + 10);
});
