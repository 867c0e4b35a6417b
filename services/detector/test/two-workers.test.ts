import { createHash, randomUUID } from 'node:crypto';
import { type DatabaseServer, openDatabaseServer, openObjects } from '@deepstyle/storage';
import {
  describeWithServer,
  type PostgresServer,
  startPostgres,
  type TemporaryFolder,
  temporaryFolder,
} from '@deepstyle/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { detectPhotos } from '../src/detection/detect-photos.ts';
import type { InferenceCache } from '../src/detection/inference-cache.ts';
import { createPhotoQueue } from '../src/detection/photo-queue.ts';
import { runsById } from '../src/records.ts';
import { drawImage, storePhoto } from './drawn-dataset.ts';
import { portsOver } from './opened-ports.ts';
import { runOf } from './running-detector.ts';
import { tinyHyperparameters } from './tiny-hyperparameters.ts';

// More than a worker takes and reads ahead.
const PHOTOS = 80;
const NEVER = new AbortController().signal;
const { architecture } = tinyHyperparameters();

describeWithServer('postgres', 'two workers on one PostgreSQL', () => {
  let postgres: PostgresServer;
  let folder: TemporaryFolder;
  const servers: DatabaseServer[] = [];
  const workers: Awaited<ReturnType<typeof portsOver>>[] = [];
  beforeAll(async () => {
    postgres = await startPostgres();
    folder = await temporaryFolder('detector');
    const { store } = await openObjects({ dataFolder: folder.path, publicUrl: 'http://test' });
    for (const _ of [1, 2]) {
      const server = await openDatabaseServer({ dataFolder: '/nowhere', url: postgres.url });
      servers.push(server);
      workers.push(await portsOver(await server.schema('detector'), store));
    }
  });
  afterAll(async () => {
    for (const server of servers) await server.close();
    await postgres.stop();
    await folder.remove();
  });

  test('share the photographs of a run: each is looked at by one of them, and announced once', async () => {
    const [{ ports }] = workers as [(typeof workers)[number]];
    const run = runOf(randomUUID(), 'a'.repeat(64));
    const images = await Promise.all(Array.from({ length: PHOTOS }, (_, i) => drawImage(i)));
    const photos = await Promise.all(images.map(({ png }) => storePhoto(ports.objects, png)));
    const { photoStored } = createPhotoQueue(ports);
    await Promise.all(photos.map((photo) => photoStored({ run, photo })));

    const networks = meetingNetworks(workers.length);
    await Promise.all(
      workers.map(async (worker, i) => {
        const { models } = networks[i] as (typeof networks)[number];
        await detectPhotos({ ...worker.ports, models }, { runId: run.id, job: `${i}` }, NEVER);
      }),
    );
    const seen = networks.map((network) => network.seen);
    expect(seen.map((one) => one.length).every((count) => count > 0)).toBe(true);
    expect(seen.flat()).toHaveLength(PHOTOS);
    expect(new Set(seen.flat()).size).toBe(PHOTOS);
    const announced = workers.flatMap(({ published }) => published);
    expect(announced.map(({ type }) => type)).toEqual(
      Array(PHOTOS).fill('deepstyle.photo.detected.v1'),
    );
    const ids = announced.map(({ data }) => (data as { photo: { id: string } }).photo.id);
    expect(ids.sort()).toEqual(photos.map(({ id }) => id).sort());
    const [record] = await ports.database.transaction('test', (tx) => runsById(tx, [run.id]));
    expect(record).toMatchObject({ done: PHOTOS, failed: 0 });
  });
});

/** Networks that note which images they are given, and of which none goes on before each has been given some. */
function meetingNetworks(count: number) {
  let waiting = count;
  let open = (): void => {};
  const met = new Promise<void>((resolve) => {
    open = resolve;
  });
  return Array.from({ length: count }, () => {
    const seen: string[] = [];
    const detect = async (images: readonly { readonly image: Uint8Array }[]) => {
      if (seen.length === 0 && --waiting === 0) open();
      seen.push(...images.map(({ image }) => createHash('sha256').update(image).digest('hex')));
      await met;
      return images.map(() => []);
    };
    const inference = { detect, dispose: async () => {} };
    const models: InferenceCache = {
      use: (_, work) => work({ architecture, categories: [], inference }),
      close: async () => {},
    };
    return { seen, models };
  });
}
