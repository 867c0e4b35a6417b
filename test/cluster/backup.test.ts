import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type ObjectStore, openObjects } from '@deepstyle/storage';
import {
  describeWithServer,
  drawSeasons,
  findProgram,
  startNats,
  startPostgres,
  startS3,
  type TemporaryFolder,
  temporaryFolder,
  writeFolder,
} from '@deepstyle/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Provenance, provenanceOf } from '../pipeline/provenance.ts';
import { finishRun, type Outcome, startRun } from '../pipeline/scenario.ts';
import { type ClusterStores, startCluster } from '../pipeline/systems.ts';

const SEASON = 'FW2026';
const PHOTOS = 30;
const STEPS = 3;
const BUCKET = 'trends';

const run = promisify(execFile);
const closers: (() => Promise<void>)[] = [];

interface Stores extends ClusterStores {
  readonly objects: ObjectStore;
}

/** PostgreSQL, NATS and S3, all empty. */
async function startStores(): Promise<Stores> {
  const [nats, postgres, s3] = await Promise.all([startNats(), startPostgres(), startS3()]);
  const { accessKey, secretKey } = s3;
  const { store: objects } = await openObjects({
    dataFolder: '',
    publicUrl: '',
    s3: { endpoint: s3.url, bucket: BUCKET, accessKey, secretKey },
  });
  closers.push(
    () => nats.stop(),
    () => postgres.stop(),
    () => s3.stop(),
    () => objects.close(),
  );
  const place = { endpoint: s3.url, accessKey, secretKey, bucket: BUCKET };
  return { databaseUrl: postgres.url, natsUrl: nats.url, s3: place, objects };
}

/** As docs/operations.md says: the database first, then the objects, which never change. */
async function backUpAndRestore(from: Stores, to: Stores, folder: string): Promise<number> {
  const dump = `${folder}/deepstyle.dump`;
  const postgres = (name: string) => findProgram(name) ?? name;
  await run(postgres('pg_dump'), ['--format=custom', `--file=${dump}`, from.databaseUrl]);
  await run(postgres('pg_restore'), [
    ...['--no-owner', '--exit-on-error', '--dbname', to.databaseUrl, dump],
  ]);
  let copied = 0;
  for await (const { key } of from.objects.list('')) {
    // A copy by way of a disk loses what kind of object it was.
    await to.objects.put(key, await from.objects.get(key), 'application/octet-stream');
    copied += 1;
  }
  return copied;
}

describeWithServer(
  ['nats', 'postgres', 's3'],
  'a backup of the database and the bucket, restored beside an empty NATS',
  () => {
    let folder: TemporaryFolder;
    let before: { outcome: Outcome; provenance: Provenance };
    let restored: Stores;
    const request = () => ({
      folder: `${folder.path}/drawn/${SEASON}`,
      season: SEASON,
      idempotencyKey: 'before',
      steps: STEPS,
    });

    beforeAll(async () => {
      folder = await temporaryFolder();
      const drawn = await drawSeasons({ seed: 12, seasons: [SEASON], perSeason: PHOTOS });
      await writeFolder(`${folder.path}/drawn`, drawn);
      const stores = await startStores();
      const system = await startCluster(stores);
      try {
        const outcome = await finishRun(system, await startRun(system, request()));
        before = { outcome, provenance: await provenanceOf(system, SEASON) };
        restored = await startStores();
        // Nothing is stopped for it.
        const objects = await backUpAndRestore(stores, restored, folder.path);
        expect(objects).toBeGreaterThan(PHOTOS);
      } finally {
        await system.stop();
      }
    }, 400_000);

    afterAll(async () => {
      for (const close of closers.reverse()) await close();
      await folder.remove();
    }, 60_000);

    test('tells the same of a run, down to the photographs behind a design, and takes new ones', async () => {
      const system = await startCluster(restored);
      try {
        const known = await startRun(system, request());
        expect(await finishRun(system, known)).toEqual(before.outcome);
        expect(await provenanceOf(system, SEASON)).toEqual(before.provenance);
        const again = await startRun(system, { ...request(), idempotencyKey: 'after' });
        expect(again).not.toBe(known);
        const { garments } = await finishRun(system, again);
        expect(garments).toEqual(before.outcome.garments);
      } finally {
        await system.stop();
      }
    }, 400_000);
  },
);
