import { randomUUID } from 'node:crypto';
import type { PhotoReference } from '@deepstyle/contracts';
import { ObjectStoreUnavailableError } from '@deepstyle/storage';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { detectPhotos } from '../src/detection/detect-photos.ts';
import type { InferenceCache } from '../src/detection/inference-cache.ts';
import { createPhotoQueue } from '../src/detection/photo-queue.ts';
import type { Ports } from '../src/ports.ts';
import { runsById, takePhotos } from '../src/records.ts';
import { alteredStore } from './altered-store.ts';
import { drawImage, storePhoto } from './drawn-dataset.ts';
import { found, good, modelThat } from './given-model.ts';
import { openPorts } from './opened-ports.ts';
import { runOf } from './running-detector.ts';
import { tinyHyperparameters } from './tiny-hyperparameters.ts';

const MODEL = 'a'.repeat(64);
const NEVER = new AbortController().signal;
const { architecture } = tinyHyperparameters();

let opened: Awaited<ReturnType<typeof openPorts>>;
let ports: Ports;
let photos: PhotoReference[];
let run = runOf(randomUUID(), MODEL);

beforeAll(async () => {
  opened = await openPorts();
  ({ ports } = opened);
  const images = await Promise.all([0, 1, 2, 3].map(drawImage));
  photos = await Promise.all(images.map(({ png }) => storePhoto(ports.objects, png)));
}, 60_000);
afterAll(() => opened.close());

/** A run of its own, with photographs in its queue, looked at by a model of its own. */
beforeEach(() => {
  run = runOf(randomUUID(), sha());
  opened.published.splice(0);
});
const sha = () => randomUUID().replaceAll('-', '').repeat(2);

async function queue(list: readonly PhotoReference[]) {
  const { photoStored } = createPhotoQueue(ports);
  await Promise.all(list.map((photo) => photoStored({ run, photo })));
}

const detect = (models: InferenceCache, signal = NEVER, given = ports) =>
  detectPhotos({ ...given, models }, { runId: run.id, job: 'job' }, signal);
const progress = async () =>
  (await ports.database.transaction('test', (tx) => runsById(tx, [run.id])))[0];
const reasons = () => opened.published.map(({ data }) => (data as { reason?: string }).reason);

describe('a photograph', () => {
  test('is detected once and announced with whole-pixel boxes', async () => {
    await queue(photos);
    await detect(good);
    await detect(good);
    expect(await progress()).toMatchObject({ done: 4, failed: 0, detections: 4 });
    expect(opened.published).toHaveLength(4);
    expect(opened.published[0]).toMatchObject({
      type: 'deepstyle.photo.detected.v1',
      data: {
        run,
        detections: [{ box: [1, 2, 30, 40], category: 'dress', categoryType: 'full', score: 0.75 }],
      },
    });
  });

  test('that the model has seen in another run is not looked at again', async () => {
    await queue(photos);
    await detect(good);
    run = { ...run, id: randomUUID() };
    opened.published.splice(0);
    await queue(photos);
    expect(opened.published).toHaveLength(4);
    expect(await progress()).toMatchObject({ done: 4 });
  });

  test('that fails three times counts as failed; its neighbours do not', async () => {
    await queue(photos);
    const bad = await badImage();
    const models = modelThat(async (images) => {
      if (images.some(({ image }) => Buffer.from(image).equals(bad))) throw new Error('no luck');
      return images.map(() => [found]);
    });
    for (const _ of [1, 2]) {
      await expect(detect(models)).rejects.toMatchObject({ reason: 'DETECTION_RETRY' });
    }
    expect(await progress()).toMatchObject({ done: 3, failed: 0 });
    await detect(models);
    expect(await progress()).toMatchObject({ done: 3, failed: 1 });
    expect(reasons().filter((reason) => reason !== undefined)).toEqual(['Error: no luck']);
  });

  async function badImage(): Promise<Buffer> {
    const { networkImage } = await import('../src/network-image.ts');
    const bytes = await ports.objects.get((photos[2] as PhotoReference).image.key);
    return Buffer.from((await networkImage(bytes, architecture.image)).image);
  }

  test('that is none counts as failed at once', async () => {
    const corrupt = await storePhoto(ports.objects, new TextEncoder().encode('no image'));
    await queue([corrupt]);
    await detect(good);
    expect(await progress()).toMatchObject({ done: 0, failed: 1 });
    expect(reasons()).toEqual([expect.stringMatching(/cannot be decoded/)]);
  });

  test('whose bytes are lost counts as failed at once', async () => {
    const [photo] = photos as [PhotoReference];
    await queue([{ ...photo, id: sha(), image: { ...photo.image, key: 'photos/lost' } }]);
    await detect(good);
    expect(reasons()).toEqual([expect.stringMatching(/photos\/lost/)]);
  });

  test('does not count as failed where the store is away', async () => {
    await queue(photos);
    const away = alteredStore(ports.objects, {
      get: () => Promise.reject(new ObjectStoreUnavailableError('away')),
    });
    for (const _ of [1, 2, 3, 4]) {
      await expect(detect(good, NEVER, { ...ports, objects: away })).rejects.toThrow(/away/);
    }
    await detect(good);
    expect(await progress()).toMatchObject({ done: 4, failed: 0 });
  });

  test('that stops its worker again and again counts as failed', async () => {
    const [photo] = photos as [PhotoReference];
    await queue([photo]);
    for (let taking = 0; taking < 10; taking++) {
      const now = new Date();
      const taker = { runId: run.id, job: 'job', now, until: now };
      await ports.database.transaction('test', (tx) => takePhotos(tx, taker, 8, []));
    }
    await detect(good);
    expect(reasons()).toEqual([expect.stringMatching(/stopped 10 times/)]);
  });
});

describe('a job', () => {
  // More than one group.
  const MANY = 40;
  let many: PhotoReference[];
  beforeAll(async () => {
    const images = await Promise.all(Array.from({ length: MANY }, (_, i) => drawImage(i)));
    many = await Promise.all(images.map(({ png }) => storePhoto(ports.objects, png)));
  });

  /** A store that counts what is read of it, and a promise for all of `MANY`. */
  function countingStore() {
    const counted = { reads: 0, store: ports.objects, all: Promise.resolve() };
    counted.all = new Promise<void>((resolve) => {
      counted.store = alteredStore(ports.objects, {
        get: (key) => {
          counted.reads += 1;
          if (counted.reads === MANY) resolve();
          return ports.objects.get(key);
        },
      });
    });
    return counted;
  }

  test('reads the next photographs while the network looks at some', async () => {
    await queue(many);
    const counted = countingStore();
    // It would wait for ever for photographs that are read after it.
    const patient = modelThat(async (images) => {
      await counted.all;
      return images.map(() => [found]);
    });
    await detect(patient, NEVER, { ...ports, objects: counted.store });
    expect(counted.reads).toBe(MANY);
    expect(await progress()).toMatchObject({ done: MANY, failed: 0 });
  });

  test('does not read ahead of photographs that stopped a worker, which it may not survive', async () => {
    await queue(many);
    const now = new Date();
    const taker = { runId: run.id, job: 'job', now, until: now };
    await ports.database.transaction('test', (tx) => takePhotos(tx, taker, MANY, []));
    const counted = countingStore();
    const readBefore: number[] = [];
    const noting = modelThat(async (images) => {
      readBefore.push(counted.reads);
      return images.map(() => [found]);
    });
    await detect(noting, NEVER, { ...ports, objects: counted.store });
    expect(readBefore).toEqual([32, MANY]);
  });

  test('keeps what it has seen, and gives back the rest, where the store goes away as it reads ahead', async () => {
    await queue(many);
    let reads = 0;
    const going = alteredStore(ports.objects, {
      get: (key) => {
        reads += 1;
        if (reads > 32) return Promise.reject(new ObjectStoreUnavailableError('away'));
        return ports.objects.get(key);
      },
    });
    await expect(detect(good, NEVER, { ...ports, objects: going })).rejects.toThrow(/away/);
    expect(await progress()).toMatchObject({ done: 32, failed: 0 });
    await detectPhotos({ ...ports, models: good }, { runId: run.id, job: 'another' }, NEVER);
    expect(await progress()).toMatchObject({ done: MANY, failed: 0 });
  });

  test('leaves alone what another job has taken, until that one’s time is up', async () => {
    await queue(photos);
    const now = new Date();
    const until = new Date(now.getTime() + 300_000);
    const take = (job: string, at: Date) =>
      ports.database.transaction('test', (tx) =>
        takePhotos(tx, { runId: run.id, job, now: at, until }, 2, []),
      );
    expect(await take('other', now)).toHaveLength(2);
    await detect(good);
    expect(await progress()).toMatchObject({ done: 2 });
    expect(await take('job', new Date(until.getTime() + 1))).toHaveLength(2);
  });

  test('takes what another job took by a clock that was an hour ahead', async () => {
    await queue(photos);
    const ahead = new Date(Date.now() + 3_600_000);
    await ports.database.transaction('test', (tx) =>
      takePhotos(
        tx,
        { runId: run.id, job: 'other', now: ahead, until: new Date(ahead.getTime() + 300_000) },
        2,
        [],
      ),
    );
    await detect(good);
    expect(await progress()).toMatchObject({ done: 4 });
  });

  test('that is told to stop gives its photographs back', async () => {
    await queue(photos);
    const stopping = new AbortController();
    const slow = modelThat(async () => {
      stopping.abort();
      throw new Error('interrupted');
    });
    const models: InferenceCache = {
      ...slow,
      use: async () => {
        stopping.abort();
        throw new ObjectStoreUnavailableError('closing');
      },
    };
    await expect(detect(models, stopping.signal)).rejects.toMatchObject({
      reason: 'DETECTION_INTERRUPTED',
    });
    await detect(good);
    expect(await progress()).toMatchObject({ done: 4, failed: 0 });
  });

  test('of a run that nobody knows has nothing to do', async () => {
    await detect(good);
    expect(opened.published).toEqual([]);
  });
});
