import { SERVICE_NAMES, type ServiceName } from '@deepstyle/service';
import type { DatabaseServer, ObjectStore } from '@deepstyle/storage';
import type { RunState, Snapshot } from './snapshot.ts';

/** What the bus has to say for a snapshot; the two buses are read in different ways. */
export type BusState = Pick<Snapshot, 'eventIds' | 'deadLetters' | 'queuedJobs' | 'durables'>;

export interface SnapshotSources {
  readonly databases: DatabaseServer;
  readonly objects: ObjectStore;
  readonly readBus: () => Promise<BusState>;
}

type Rows = <Row extends object>(schema: ServiceName, text: string) => Promise<readonly Row[]>;

const READ_LIMIT_MS = 60_000;

/** Reads past the services what their databases, the object store and the bus hold. */
export async function readSnapshot(sources: SnapshotSources): Promise<Snapshot> {
  const rows: Rows = async (schema, text) => {
    const database = await sources.databases.schema(schema.replaceAll('-', '_'));
    return database.transaction('campaign.read', (tx) => tx.query(text), {
      limitMs: READ_LIMIT_MS,
    });
  };
  return {
    ...(await readBooks(rows)),
    ...(await readTrainer(rows)),
    ...(await readGallery(rows)),
    detectorModels: await rows<Snapshot['detectorModels'][number]>(
      'detector',
      `SELECT ARRAY[weights_key, onnx_key, evaluation->>'detectionsKey'] AS "objectKeys" FROM models`,
    ),
    runs: await readRuns(rows),
    outboxes: await Promise.all(
      SERVICE_NAMES.map(async (service) => {
        const [row] = await rows<{ messages: number }>(
          service,
          'SELECT count(*)::int AS messages FROM outbox',
        );
        return { service, messages: row?.messages ?? 0 };
      }),
    ),
    objectKeys: await keysOf(sources.objects),
    ...(await sources.readBus()),
  };
}

/** What no record names: marks of installations, and what stands in a dataset's annotations alone. */
const UNNAMED = /^(installations|dataset)/;

async function keysOf(objects: ObjectStore): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of objects.list('')) if (!UNNAMED.test(key)) keys.push(key);
  return keys;
}

async function readRuns(rows: Rows): Promise<readonly RunState[]> {
  const started = await rows<{ id: string; state: string; retries: number }>(
    'scraper',
    'SELECT id::text, state, retries FROM runs ORDER BY created_at',
  );
  const cropped = await rows<{ id: string } & NonNullable<RunState['cropping']>>(
    'cropper',
    'SELECT id, expected, done, failed, garments, ready_at IS NOT NULL AS "isReady" FROM runs',
  );
  const published = await rows<{ id: string; state: string }>(
    'gallery',
    'SELECT id, state FROM runs',
  );
  const cropping = new Map(cropped.map(({ id, ...counts }) => [id, counts]));
  const publishing = new Map(published.map(({ id, state }) => [id, state]));
  return started.map(({ id, state, retries }) => ({
    id,
    retries,
    scraping: state,
    cropping: cropping.get(id) ?? null,
    publishing: publishing.get(id) ?? null,
  }));
}

/** The photographs and garments, by scraper and cropper. */
async function readBooks(rows: Rows) {
  return {
    photos: await rows<Snapshot['photos'][number]>(
      'scraper',
      'SELECT id, object_key AS "objectKey" FROM photos',
    ),
    members: await rows<Snapshot['members'][number]>(
      'scraper',
      'SELECT run_id::text AS "runId", photo_id AS "photoId" FROM run_photos',
    ),
    lostSources: await rows<Snapshot['lostSources'][number]>(
      'scraper',
      `SELECT run_id::text AS "runId", name, code FROM run_sources
        WHERE code IN ('CRASHED', 'TIMEOUT', 'UNREACHABLE')`,
    ),
    settled: await rows<Snapshot['settled'][number]>(
      'cropper',
      'SELECT run_id AS "runId", photo_id AS "photoId", outcome FROM run_photos',
    ),
    garments: await rows<Snapshot['garments'][number]>(
      'cropper',
      'SELECT id, photo_id AS "photoId", image_key AS "imageKey" FROM garments',
    ),
    runGarments: await rows<Snapshot['runGarments'][number]>(
      'cropper',
      'SELECT run_id AS "runId", garment_id AS "garmentId" FROM run_garments',
    ),
  };
}

async function readTrainer(rows: Rows) {
  return {
    trainings: await rows<Snapshot['trainings'][number]>(
      'gan-trainer',
      'SELECT run_id AS "runId", state, checkpoint, lease_until AS "leaseUntil" FROM trainings',
    ),
    models: await rows<Snapshot['models'][number]>(
      'gan-trainer',
      'SELECT id, ARRAY[weights_key, onnx_key] AS "objectKeys" FROM models',
    ),
    samples: await rows<Snapshot['samples'][number]>(
      'gan-trainer',
      'SELECT run_id AS "runId", image_key AS "imageKey" FROM training_samples',
    ),
    generateRequests: await rows<Snapshot['generateRequests'][number]>(
      'gan-trainer',
      // The gallery asks under the id of its run.
      'SELECT request_key AS "runId", state FROM generate_requests',
    ),
  };
}

async function readGallery(rows: Rows) {
  return {
    seasonGarments: await rows<Snapshot['seasonGarments'][number]>(
      'gallery',
      'SELECT run_id AS "runId", garment_id AS "garmentId" FROM season_garments',
    ),
    designs: await rows<Snapshot['designs'][number]>(
      'gallery',
      'SELECT id, image_key AS "imageKey" FROM designs',
    ),
    collections: await rows<Snapshot['collections'][number]>(
      'gallery',
      `SELECT id, run_id AS "runId", model_id AS "modelId", design_count AS "designCount"
       FROM collections`,
    ),
    collectionDesigns: await rows<Snapshot['collectionDesigns'][number]>(
      'gallery',
      'SELECT collection_id AS "collectionId", design_id AS "designId" FROM collection_designs',
    ),
    trendBatches: await rows<Snapshot['trendBatches'][number]>(
      'gallery',
      `SELECT id, run_id AS "runId", season, brand, revision, is_current AS "isCurrent",
         is_final AS "isFinal" FROM trend_batches`,
    ),
  };
}
