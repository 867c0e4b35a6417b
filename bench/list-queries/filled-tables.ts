import type { ServiceName } from '@deepstyle/contracts';

const RUNS = 10_000;
/** The large run is the first, with a tenth of all; the others have their share of the rest. */
export const LARGE_RUN = '00000000-0000-4000-8000-000000000001';
/** A run of usual size. */
export const USUAL_RUN = '00000000-0000-4000-8000-000000000007';
export const MODEL = 'm'.repeat(64);

const runId = (n: string) => `'00000000-0000-4000-8000-' || lpad((${n})::text, 12, '0')`;
const runOf = (n: string, large: number) =>
  runId(`CASE WHEN ${n} <= ${large} THEN 1 ELSE 2 + ${n} % ${RUNS - 1} END`);
const series = (count: number) => `generate_series(1, ${count}) AS n`;
const reference = `jsonb_build_object('id', ${runId('n')}, 'season', 'SS' || 2000 + n % 30, 'brand', null,
  'detector', 'none', 'gan', '{"steps": null, "skip": true}'::jsonb)`;

/** What long use leaves in the tables of each service, for a number of garments. */
export function fillScripts(garments: number): Readonly<Partial<Record<ServiceName, string>>> {
  const photos = garments / 2;
  const large = garments / 10;
  return {
    scraper: `
      INSERT INTO runs (id, idempotency_key, season, detector, gan_skip, sources, state, created_at, updated_at, stored)
        SELECT (${runId('n')})::uuid, n::text, 'SS2026', 'none', false, '[]', 'DONE', now() - n * interval '1 h',
          now() - n * interval '1 h', 50 FROM ${series(RUNS)};
      INSERT INTO photos (id, object_key, content_type, bytes, width_px, height_px, dominant_color, source, created_at)
        SELECT md5(n::text), 'photos/' || md5(n::text), 'image/jpeg', 1, 9, 9, '#000000', 's', now()
        FROM ${series(photos)};
      INSERT INTO run_photos (run_id, photo_id) SELECT (${runOf('n', large)})::uuid, md5(n::text) FROM ${series(photos)};
      INSERT INTO run_sources (run_id, source_key, name, outcome, photo_id)
        SELECT (${runOf('n', large)})::uuid, md5(n::text), 'n', 'stored', md5(n::text) FROM ${series(photos)};
      INSERT INTO run_sources (run_id, source_key, name, outcome, code, reason)
        SELECT (${runOf('n', large)})::uuid, 'r' || n, 'n', 'rejected', 'NOT_AN_IMAGE', 'text' FROM ${series(photos / 5)}`,
    cropper: `
      INSERT INTO runs (id, reference, garments, done, created_at, updated_at, ready_at)
        SELECT ${runId('n')}, ${reference}, 100, 50, now(), now() - n * interval '1 h', now() - n * interval '1 h'
        FROM ${series(RUNS)};
      INSERT INTO garments (id, photo_id, detector, box, category, category_type, image_key, image_sha256,
          image_content_type, image_bytes, width_px, height_px, palette, created_at)
        SELECT md5(n::text), md5((1 + n / 2)::text), 'none', '{0,0,9,9}', 'dress', 'full',
          'garments/' || md5(n::text), 's', 'image/webp', 1, 9, 9, '[]', now()
        FROM ${series(garments)};
      INSERT INTO run_garments (run_id, garment_id, category, category_type)
        SELECT ${runOf('n', large)}, md5(n::text), 'dress', 'full' FROM ${series(garments)}`,
    detector: `
      INSERT INTO runs (id, detector, reference, seen_at, updated_at, expected, done)
        SELECT ${runId('n')}, 'none', ${reference}, now(), now(), 50, 50 FROM ${series(RUNS)};
      INSERT INTO models (id, dataset_id, categories, category_types, created_at, is_active)
        SELECT rpad(n::text, 64, 'm'), 'd', '{dress}', '{full}', now(), n = 1 FROM ${series(100)};
      INSERT INTO detections (model_id, photo_id, detections, detected_at)
        SELECT rpad((1 + n % 3)::text, 64, 'm'), md5((1 + n / 3)::text),
          '[{"box": [0, 0, 9, 9], "category": "dress", "categoryType": "full", "score": 0.9}]', now()
        FROM ${series(garments)};
      INSERT INTO trainings (id, dataset_id, labels, hyperparameters, state, created_at, updated_at)
        SELECT rpad(n::text, 64, 'm'), 'd', 'types', '{}', 'done', now(), now() FROM ${series(100)};
      INSERT INTO training_losses (training_id, step, objectness, rpn_box, classification, box, steps_per_second)
        SELECT rpad('1', 64, 'm'), n, 1, 1, 1, 1, 1 FROM ${series(100_000)}`,
    'gan-trainer': `
      INSERT INTO trainings (run_id, run, season, state, outcome, garments, created_at, updated_at)
        SELECT ${runId('n')}, ${reference}, 'SS2026', 'done', 'trained', 100, now(), now() - n * interval '1 h'
        FROM ${series(RUNS)};
      INSERT INTO models (id, run_id, season, size_px, latent_size, parameters, steps, best_step, feature_space,
          manifest_hash, hyperparameters, weights_key, onnx_key, created_at, garment_count)
        SELECT CASE n WHEN 1 THEN '${MODEL}' ELSE n::text END, ${runId('n')}, 'SS2026', 64, 100, 1, 1, 1, 'f', 'h',
          '{}', 'w', 'o', now(), 100 FROM ${series(1_000)};
      INSERT INTO model_garments (model_id, garment_id, held_out)
        SELECT CASE WHEN n <= ${large} THEN '${MODEL}' ELSE (2 + n % 999)::text END, md5(n::text), n % 10 = 0
        FROM ${series(garments)};
      INSERT INTO training_metrics (run_id, step, generator_loss, discriminator_loss, kid)
        SELECT '${LARGE_RUN}', n, 1, 1, CASE WHEN n % 500 = 0 THEN 1 END FROM ${series(50_000)};
      INSERT INTO training_samples (run_id, step, image_key, width_px, height_px)
        SELECT ${runId('1 + n % 1000')}, n, 'grids/' || n, 9, 9 FROM ${series(100_000)};
      INSERT INTO generate_requests (request_key, model_id, count, seed, state, created_at)
        SELECT ${runId('n')}, '${MODEL}', 100, '1', 'done', now() FROM ${series(garments / 100)};
      INSERT INTO generated_designs (request_key, position, latent, image, realism, nearest)
        SELECT ${runId('1 + n / 100')}, n % 100, '[]',
          jsonb_build_object('key', 'designs/' || n, 'sha256', 'a', 'contentType', 'image/png', 'bytes', 1), 0, '[]'
        FROM generate_series(0, ${garments} - 1) AS n`,
    gallery: `
      INSERT INTO runs (id, reference, state, garments_read_at, garments, created_at, updated_at)
        SELECT ${runId('n')}, ${reference}, 'DONE', now(), 100, now(), now() FROM ${series(RUNS)};
      INSERT INTO season_garments (run_id, garment_id, season, photo_id, brand, category, category_type, palette)
        SELECT ${runOf('n', large)}, md5(n::text), 'SS' || 2000 + n % 30, 'p' || n / 2, '', 'dress', 'full', '[]'
        FROM ${series(garments)};
      INSERT INTO designs (id, model_id, decoder_version, latent, realism, nearest_garments, image_key, image_sha256,
          image_content_type, image_bytes, size_px, created_at)
        SELECT md5(n::text), '${MODEL}', 'v', '[]', 0, '[]', 'designs/' || n, 's', 'image/png', 1, 64, now()
        FROM ${series(large)};
      INSERT INTO collections (id, run_id, season, model_id, design_count, created_at)
        SELECT md5(n::text), ${runId('n')}, 'SS' || 2000 + n % 30, '${MODEL}', 1, now() - n * interval '1 s'
        FROM ${series(RUNS)};
      INSERT INTO collection_designs (collection_id, position, design_id)
        SELECT md5('1'), n, md5(n::text) FROM ${series(large)};
      INSERT INTO trend_batches (id, run_id, season, season_rank, brand, revision, is_current, is_final, photo_count,
          garment_count, categories, palette, published_at)
        SELECT md5(n::text), ${runId('30 + n % 30 + 30 * (n / 30 % 300)')}, 'SS' || 2000 + n % 30, n % 30,
          CASE WHEN n < 30 THEN '' ELSE 'b' || n / 30 END, 1, true, true, 1, 1, '[]', '[]', now()
        FROM generate_series(0, 19999) AS n`,
    dataset: `
      INSERT INTO datasets (id, name, images, annotations, created_at, source, box_convention, train_images, val_images,
          test_images, unsplit_images, stored_images, annotations_object)
        SELECT md5(n::text), 'n', 1, 1, now() - n * interval '1 s', 'coco', 'exclusive', 1, 0, 0, 0, 0,
          '{"key": "k", "sha256": "s", "contentType": "application/gzip", "bytes": 1}' FROM ${series(RUNS)};
      INSERT INTO categories (dataset_id, number, name, type)
        SELECT md5((1 + n / 46)::text), 1 + n % 46, 'c' || n % 46, 'full' FROM generate_series(0, ${46 * RUNS} - 1) AS n`,
  };
}
