import { createHash } from 'node:crypto';
import type { PhotoReference, RunReference } from '@deepstyle/contracts';
import { type ObjectStore, ObjectStoreUnavailableError } from '@deepstyle/storage';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { createCropper } from '../src/cropper.ts';
import { garmentsOfRun } from '../src/records.ts';
import { type OpenedLedger, openLedger, runOf } from './opened-ledger.ts';

const FAILED = 'deepstyle.photo.failed.v1';
const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

let opened: OpenedLedger;
let objects: ObjectStore;
beforeAll(async () => {
  opened = await openLedger();
  objects = opened.ports.objects;
});
afterAll(() => opened.close());

function cropperOver(store: ObjectStore) {
  return createCropper({ ...opened.ports, objects: store });
}

let drawn = 0;
/** A stored photograph, unlike all others. */
async function storedPhoto(changes: Partial<PhotoReference> = {}): Promise<PhotoReference> {
  drawn += 1;
  const background = { r: drawn, g: 80, b: 160 };
  const create = { width: 200, height: 300, channels: 3, background } as const;
  return photoOf(await sharp({ create }).jpeg().toBuffer(), changes);
}

async function photoOf(bytes: Uint8Array, changes: Partial<PhotoReference> = {}) {
  const id = sha256(bytes);
  const image = await objects.put(`photos/${id.slice(0, 2)}/${id}`, bytes, 'image/jpeg');
  const photo = { id, image, widthPx: 200, heightPx: 300, brand: 'Aster', category: 'Dresses' };
  return { ...photo, ...changes };
}

function garments(run: RunReference) {
  return opened.database.transaction('test', (tx) => garmentsOfRun(tx, run.id, '', 100));
}

async function progress(run: RunReference) {
  const [row] = await opened.database.transaction('test', (tx) =>
    tx.query('SELECT done, failed, garments FROM runs WHERE id = $1', [run.id]),
  );
  return row;
}

describe('a photograph without a detector', () => {
  test('is one garment, whose image is the photograph’s own object', async () => {
    const run = runOf('whole');
    const photo = await storedPhoto();
    await cropperOver(objects).photoStored({ run, photo });
    expect(await garments(run)).toMatchObject([
      {
        id: sha256(`${photo.id}\nnone\n0,0,200,300`),
        photoId: photo.id,
        detector: 'none',
        box: [0, 0, 200, 300],
        category: 'dresses',
        categoryType: 'full',
        score: null,
        brand: 'Aster',
        image: photo.image,
        widthPx: 200,
        heightPx: 300,
      },
    ]);
  });

  test('is uncategorised where its source says nothing', async () => {
    const run = runOf('uncategorised');
    await cropperOver(objects).photoStored({ run, photo: await storedPhoto({ category: null }) });
    expect(await garments(run)).toMatchObject([
      { category: 'uncategorised', categoryType: 'other' },
    ]);
  });

  test('waits for its boxes where the run has a detector', async () => {
    const run = runOf('waiting', 'model-1');
    await cropperOver(objects).photoStored({ run, photo: await storedPhoto() });
    expect(await progress(run)).toBeUndefined();
  });

  test('is not read again for a second run, which may name another category', async () => {
    const photo = await storedPhoto();
    await cropperOver(objects).photoStored({ run: runOf('first'), photo });
    const unread: ObjectStore = Object.assign(Object.create(objects) as ObjectStore, {
      get: () => Promise.reject(new Error('was read again')),
    });
    const run = runOf('second');
    await cropperOver(unread).photoStored({ run, photo: { ...photo, category: 'coat' } });
    expect(await garments(run)).toMatchObject([{ category: 'coat', image: photo.image }]);
  });
});

describe('a photograph with detections', () => {
  const dress = { category: 'Dress', categoryType: 'full', score: 0.9 } as const;

  test('gives a stored crop for each box that is large enough', async () => {
    const run = runOf('boxes', 'model-1');
    const photo = await storedPhoto();
    const detections = [
      { ...dress, box: [20, 20, 120, 220] as [number, number, number, number] },
      { ...dress, box: [0, 0, 10, 10] as [number, number, number, number] },
    ];
    await cropperOver(objects).photoDetected({ run, photo, detections });
    const [garment, ...more] = await garments(run);
    expect(more).toEqual([]);
    expect(garment).toMatchObject({ category: 'dress', detector: 'model-1', score: 0.9 });
    const stored = await objects.get(garment?.image.key ?? '');
    expect(garment?.image.key).toBe(`garments/${sha256(stored).slice(0, 2)}/${sha256(stored)}`);
    const { width, height } = await sharp(stored).metadata();
    expect({ width, height }).toEqual({ width: garment?.widthPx, height: garment?.heightPx });
  });

  test('is done without any box', async () => {
    const run = runOf('no boxes', 'model-1');
    await cropperOver(objects).photoDetected({ run, photo: await storedPhoto(), detections: [] });
    expect(await progress(run)).toEqual({ done: 1, failed: 0, garments: 0 });
  });

  test('counts as failed where the detector says so', async () => {
    const run = runOf('not detected', 'model-1');
    const photoId = sha256('dark');
    await cropperOver(objects).photoFailed({ run, photoId, stage: 'detect', reason: 'too dark' });
    expect(await progress(run)).toEqual({ done: 0, failed: 1, garments: 0 });
    expect(await opened.published(run.id)).toEqual([]);
  });
});

describe('a photograph that cannot be cropped', () => {
  test('is tried three times and then counts as failed', async () => {
    const run = runOf('unreadable');
    const photo = await photoOf(Buffer.from('no photograph'));
    const cropper = cropperOver(objects);
    for (let attempt = 1; attempt < 3; attempt += 1) {
      await expect(cropper.photoStored({ run, photo })).rejects.toMatchObject({
        reason: 'CROP_ATTEMPT_FAILED',
        retryable: true,
      });
    }
    await cropper.photoStored({ run, photo });
    expect(await progress(run)).toEqual({ done: 0, failed: 1, garments: 0 });
    expect(await opened.published(run.id)).toMatchObject([
      { type: FAILED, data: { photoId: photo.id, stage: 'crop' } },
    ]);
    // Settled for good: a further delivery changes nothing.
    await cropper.photoStored({ run, photo });
    expect(await opened.published(run.id)).toHaveLength(1);
  });

  test('does not count against itself that the object store is away', async () => {
    const run = runOf('outage');
    const photo = await storedPhoto();
    const away: ObjectStore = Object.assign(Object.create(objects) as ObjectStore, {
      get: () => Promise.reject(new ObjectStoreUnavailableError('The object store is away.')),
    });
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await expect(cropperOver(away).photoStored({ run, photo })).rejects.toMatchObject({
        reason: 'OBJECT_STORE_UNAVAILABLE',
      });
    }
    await cropperOver(objects).photoStored({ run, photo });
    expect(await progress(run)).toEqual({ done: 1, failed: 0, garments: 1 });
  });

  test('ends the run all the same', async () => {
    const run = runOf('all failed');
    const photo = await photoOf(Buffer.from('no photograph either'));
    const cropper = cropperOver(objects);
    await cropper.scrapeCompleted({ run, photos: 1, duplicates: 0, rejected: 0 });
    for (let attempt = 0; attempt < 3; attempt += 1)
      await cropper.photoStored({ run, photo }).catch(() => undefined);
    expect((await opened.published(run.id)).at(-1)).toMatchObject({
      type: 'deepstyle.garments.ready.v1',
      data: { photos: 1, failedPhotos: 1, garments: 0 },
    });
  });
});
