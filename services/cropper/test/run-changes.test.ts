import { createHash, randomUUID } from 'node:crypto';
import type { PhotoReference, RunReference, ServiceCalls } from '@deepstyle/contracts';
import { RemoteError } from '@deepstyle/service';
import type { ObjectStore } from '@deepstyle/storage';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import sharp from 'sharp';
import { type Cropper, createCropper } from '../src/cropper.ts';
import { garmentsOfRun, runsById } from '../src/records.ts';
import { type OpenedLedger, openLedger, runOf } from './opened-ledger.ts';

const READY = 'deepstyle.garments.ready.v1';
const FAILED = 'deepstyle.photo.failed.v1';
const MODEL = 'a'.repeat(64);

let opened: OpenedLedger;
let cropper: Cropper;
let run: RunReference;
let photos: readonly PhotoReference[] = [];
/** Keys of the photographs whose bytes cannot be read. */
const broken = new Set<string>();
/** What the peers were asked for, and what they do then. */
const asked: string[] = [];
let answer = async (): Promise<void> => undefined;
beforeAll(async () => {
  opened = await openLedger();
  const { objects } = opened.ports;
  const get: ObjectStore['get'] = async (key) => {
    if (broken.has(key)) throw new Error('its bytes are lost');
    return objects.get(key);
  };
  const asking =
    (peer: string) =>
    async ({ revision = 0 }: { readonly revision?: number }) => {
      asked.push(`${peer} ${revision}`);
      await answer();
      return { events: 0 };
    };
  const calls: Partial<ServiceCalls> = {
    announceScrapedRun: asking('scraper'),
    announceDetectedRun: asking('detector'),
  };
  cropper = createCropper({
    ...opened.ports,
    objects: { ...objects, get },
    calls: calls as ServiceCalls,
  });
  photos = await Promise.all(Array.from({ length: 5 }, (_, n) => storedPhoto(n)));
});
afterAll(() => opened.close());
beforeEach(() => {
  run = runOf(randomUUID());
  broken.clear();
  asked.length = 0;
  answer = async () => undefined;
});

async function storedPhoto(number: number): Promise<PhotoReference> {
  const background = { r: 20 * number, g: 80, b: 160 };
  const create = { width: 90, height: 120, channels: 3, background } as const;
  const bytes = await sharp({ create }).jpeg().toBuffer();
  const id = createHash('sha256').update(bytes).digest('hex');
  const image = await opened.ports.objects.put(`photos/${id}`, bytes, 'image/jpeg');
  return { id, image, widthPx: 90, heightPx: 120, brand: null, category: 'dress' };
}

const inRetry = (retries: number): RunReference => (retries === 0 ? run : { ...run, retries });
const stored = (number: number, retries = 0) =>
  cropper.photoStored({ run: inRetry(retries), photo: photos[number] as PhotoReference });
const closed = (count: number, retries = 0) => {
  const end = { run: inRetry(retries), photos: count, duplicates: 0, rejected: 0 };
  return cropper.scrapeCompleted(end);
};
const changed = (state: 'open' | 'canceled', revision: number, retries = 0) =>
  cropper.runChanged({ run: inRetry(retries), revision, state });
const failedInDetector = (number: number, retries = 0) => {
  const photoId = photos[number]?.id ?? '';
  const failure = { photoId, stage: 'detect', reason: 'too dark' } as const;
  return cropper.photoFailed({ run: inRetry(retries), ...failure });
};
const inTx = <T>(work: Parameters<typeof opened.database.transaction<T>>[1]) =>
  opened.database.transaction('test', work);
const progress = async () => (await inTx((tx) => runsById(tx, [run.id])))[0]?.progress;
const readiness = async () => (await opened.published(run.id)).filter(({ type }) => type === READY);

describe('a canceled run', () => {
  test('takes no photograph, and asks for those that it did not take once it is resumed', async () => {
    await stored(0);
    await changed('canceled', 1);
    await stored(1);
    await stored(2);
    await closed(3);
    expect(await progress()).toMatchObject({ done: 1, expected: 3, ready: false });
    expect(asked).toEqual([]);
    answer = async () => {
      for (const number of [0, 1, 2]) await stored(number);
    };
    await changed('open', 2);
    expect(asked).toEqual(['scraper 2']);
    expect(await progress()).toMatchObject({ done: 3, garments: 3, ready: true });
    expect(await readiness()).toMatchObject([{ data: { photos: 3, garments: 3 } }]);
  });

  test('is not ready before it is resumed, though its photographs are there', async () => {
    await stored(0);
    await changed('canceled', 1);
    await closed(1);
    expect(await readiness()).toEqual([]);
    await changed('open', 2);
    expect(await readiness()).toMatchObject([{ data: { photos: 1 } }]);
    expect(asked).toEqual([]);
  });

  test('that was ready stays so', async () => {
    await closed(0);
    await changed('canceled', 1);
    await changed('open', 2);
    expect(await readiness()).toHaveLength(1);
    expect(asked).toEqual([]);
  });

  test('is left as it is by a change that came late', async () => {
    await changed('canceled', 3);
    await changed('open', 2);
    await stored(0);
    expect(await progress()).toMatchObject({ done: 0 });
    expect(asked).toEqual([]);
  });

  test('waits for a peer that is away, and asks again when the change is delivered again', async () => {
    run = runOf(randomUUID(), MODEL);
    await changed('canceled', 1);
    answer = async () => {
      throw new RemoteError({ code: 'UNAVAILABLE', message: 'The detector is away.' });
    };
    await expect(changed('open', 2)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    answer = async () => undefined;
    await changed('open', 2);
    expect(asked).toEqual(['detector 2', 'detector 2']);
  });

  test('goes on where the detector has not heard of it', async () => {
    run = runOf(randomUUID(), MODEL);
    await changed('canceled', 1);
    answer = async () => {
      throw new RemoteError({ code: 'NOT_FOUND', message: 'There is no such run.' });
    };
    await expect(changed('open', 2)).resolves.toBeUndefined();
  });
});

describe('a retry', () => {
  test('has what failed told again, and the run is ready once more', async () => {
    run = runOf(randomUUID(), MODEL);
    await failedInDetector(0);
    await failedInDetector(1);
    await closed(2);
    expect(await progress()).toMatchObject({ failed: 2, ready: true });
    await changed('open', 1, 1);
    expect(asked).toEqual(['detector 1']);
    expect(await progress()).toMatchObject({ failed: 0, expected: null, ready: false });
    const photo = photos[0] as PhotoReference;
    await cropper.photoDetected({ run: inRetry(1), photo, detections: [] });
    await failedInDetector(1, 1);
    await closed(2, 1);
    expect((await readiness()).map(({ id, data }) => [id, data.failedPhotos])).toEqual([
      [`garments.ready:${run.id}`, 2],
      [`garments.ready:${run.id}:1`, 1],
    ]);
  });

  test('without a failure asks for nothing', async () => {
    await stored(0);
    await closed(1);
    await changed('open', 1, 1);
    await closed(1, 1);
    expect(asked).toEqual([]);
    expect(await readiness()).toMatchObject([
      { data: { photos: 1 } },
      { data: { photos: 1, run: { retries: 1 } } },
    ]);
  });

  test('a late failure from before it does not fail the photograph again, a photograph counts', async () => {
    run = runOf(randomUUID(), MODEL);
    await changed('open', 1, 1);
    await failedInDetector(0);
    await closed(1);
    expect(await progress()).toMatchObject({ failed: 0, expected: null });
    const photo = photos[0] as PhotoReference;
    await cropper.photoDetected({ run, photo, detections: [] });
    await closed(1, 1);
    expect(await progress()).toMatchObject({ done: 1, failed: 0, ready: true });
  });

  test('crops again what could not be cropped, and tells a second failure apart', async () => {
    const [photo] = photos as [PhotoReference];
    broken.add(photo.image.key);
    const failing = async (retries: number) => {
      for (const _ of [1, 2]) await expect(stored(0, retries)).rejects.toThrow('attempt');
      await stored(0, retries);
    };
    // Of a run that no other has cut it for.
    photos = [{ ...photo, widthPx: 89 }, ...photos.slice(1)];
    await failing(0);
    await changed('open', 1, 1);
    await failing(1);
    const failures = (await opened.published(run.id)).filter(({ type }) => type === FAILED);
    expect(failures.map(({ id }) => id)).toEqual([
      `photo.failed:${run.id}:${photo.id}:crop`,
      `photo.failed:${run.id}:${photo.id}:crop:1`,
    ]);
    photos = [photo, ...photos.slice(1)];
  });
});

test('changes, photographs and what is asked for in any order, some of it twice, end the same', async () => {
  const events: readonly (() => Promise<unknown>)[] = [
    () => changed('canceled', 1),
    () => changed('open', 2),
    () => changed('open', 3, 1),
    () => closed(4),
    () => closed(5, 1),
    ...[0, 1, 2, 3].map((number) => () => stored(number)),
    () => stored(4, 1),
  ];
  const toldAgain = [...photos.map((_, number) => () => stored(number, 1)), () => closed(5, 1)];
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(fc.nat()), async (numbers) => {
      const next = (): number => numbers.next().value ?? 0;
      run = runOf(randomUUID());
      const waiting = events.flatMap((event) =>
        Array.from({ length: 1 + (next() % 2) }, () => event),
      );
      answer = async () => {
        waiting.push(...toldAgain);
      };
      while (waiting.length > 0) {
        const [event] = waiting.splice(next() % waiting.length, 1);
        await event?.();
      }
      expect(await progress()).toEqual({
        ...{ expected: 5, done: 5, failed: 0, garments: 5, ready: true },
      });
      const ready = (await readiness()).map(({ id }) => id);
      expect(ready.filter((id) => id === `garments.ready:${run.id}:1`)).toHaveLength(1);
      expect(new Set(ready).size).toBe(ready.length);
      expect(await inTx((tx) => garmentsOfRun(tx, run.id, '', 10))).toHaveLength(5);
    }),
    { numRuns: 40 },
  );
});
