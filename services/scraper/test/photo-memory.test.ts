import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { temporaryFolder } from '@deepstyle/testkit';
import { MemoryBudget, type MemoryLease } from '@deepstyle/vision';
import { afterEach, expect, test } from '@jest/globals';
import { inspectPhotograph } from '../src/photograph.ts';
import { openFolder } from '../src/sources/folder.ts';
import { readPhotoUrl } from '../src/sources/read-url.ts';
import { type Candidate, NO_CLAIMS } from '../src/sources/source-item.ts';
import { type Taking, takePhoto } from '../src/take-photo.ts';
import { drawJpeg } from './drawn-photos.ts';
import { localFetchers } from './http/local-fetchers.ts';
import { body, type Handler } from './local-site.ts';

const PHOTOS = 16;
const MAX_PHOTO_BYTES = 60_000;
const MAX_HELD = 4;

const { site, fetcher, close, closing } = localFetchers();
afterEach(close);

/** Photographs of the largest size that is permitted. */
function photos(): Promise<Buffer[]> {
  return Promise.all(
    Array.from({ length: PHOTOS }, async (_, seed) => {
      const jpeg = await drawJpeg(seed);
      // A decoder stops at the end that the picture itself has.
      return Buffer.concat([jpeg, Buffer.alloc(MAX_PHOTO_BYTES - jpeg.length)]);
    }),
  );
}

async function inFolder(): Promise<Candidate[]> {
  const { path, remove } = await temporaryFolder('scraper-photo-memory');
  closing.push(remove);
  for (const [i, bytes] of (await photos()).entries()) {
    await writeFile(join(path, `${i}.jpg`), bytes);
  }
  const options = { folder: path, season: 'FW2019', roots: ['*'], maxPhotoBytes: MAX_PHOTO_BYTES };
  const found: Candidate[] = [];
  for await (const item of (await openFolder(options)).items) {
    if (item.kind === 'candidate') found.push(item);
  }
  return found;
}

async function behindAddresses(handler: (bytes: Buffer) => Handler): Promise<Candidate[]> {
  const paths = (await photos()).map((bytes, i): [string, Handler] => [
    `/${i}.jpg`,
    handler(bytes),
  ]);
  const { origin } = await site(Object.fromEntries(paths));
  const from = fetcher({
    hostConcurrency: PHOTOS,
    hostMemoryBytes: (MAX_HELD / 2) * MAX_PHOTO_BYTES,
    requestTimeoutMs: 600_000,
    retries: 0,
  }).fetcher;
  return paths.map(([path]) =>
    candidate(`${origin}${path}`, (signal, memory) => {
      const options = { fetcher: from, maxPhotoBytes: MAX_PHOTO_BYTES, userAgent: 'DeepStyle' };
      return readPhotoUrl(new URL(path, origin), options, signal, memory);
    }),
  );
}

function candidate(key: string, read: Candidate['read']): Candidate {
  return { kind: 'candidate', key, name: key, source: key, claims: NO_CLAIMS, read };
}

function take(
  item: Candidate,
  taking: Pick<Taking, 'objects' | 'photoMemory'>,
  signal?: AbortSignal,
) {
  const settings = { maxPhotoBytes: MAX_PHOTO_BYTES, maxPhotoPixels: 1_000_000 };
  const never = new AbortController().signal;
  return takePhoto(
    item,
    { brand: null },
    { ...taking, settings, inspect: inspectPhotograph },
    signal ?? never,
  );
}

async function untilOneWaits(budget: MemoryBudget): Promise<void> {
  while (budget.waiting === 0) await nextTurn();
}

const withLength = (bytes: Buffer) => body(bytes, { 'content-length': String(bytes.length) });
const withoutLength =
  (bytes: Buffer): Handler =>
  (_, response) => {
    response.write(bytes.subarray(0, 10_000));
    response.end(bytes.subarray(10_000));
  };
const packed = (bytes: Buffer) => body(gzipSync(bytes), { 'content-encoding': 'gzip' });

test.each([
  ['in a folder', inFolder],
  ['behind addresses, their length told', () => behindAddresses(withLength)],
  ['behind addresses, their length not told', () => behindAddresses(withoutLength)],
  ['behind addresses, packed', () => behindAddresses(packed)],
])(
  '16 photographs of the largest size %s are held a few at once, and all are stored',
  async (_, open) => {
    const photoMemory = new MemoryBudget(MAX_HELD * MAX_PHOTO_BYTES);
    let [heldBytes, maxHeldBytes] = [0, 0];
    let full = () => {};
    const isFull = new Promise<void>((resolve) => {
      full = resolve;
    });
    const counted = (item: Candidate): Candidate =>
      candidate(item.key, async (signal, memory) => {
        const bytes = await item.read(signal, memory);
        heldBytes += bytes.length;
        maxHeldBytes = Math.max(maxHeldBytes, heldBytes);
        if (heldBytes >= photoMemory.limitBytes) full();
        return bytes;
      });
    const objects = {
      head: async () => null,
      put: async (key: string, bytes: Uint8Array, contentType: string) => {
        await isFull;
        heldBytes -= bytes.length;
        return { key, sha256: '', contentType, bytes: bytes.length };
      },
    };

    const items = (await open()).map(counted);
    const outcomes = await Promise.all(items.map((item) => take(item, { objects, photoMemory })));
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array.from({ length: PHOTOS }, () => 'photo'));
    expect(maxHeldBytes).toBe(photoMemory.limitBytes);
  },
);

test('what is rejected gives its memory back', async () => {
  const photoMemory = new MemoryBudget(MAX_PHOTO_BYTES);
  const objects = { head: async () => null, put: () => Promise.reject(new Error('not stored')) };
  const text = body(Buffer.alloc(MAX_PHOTO_BYTES, 'text'));
  const gone = body('', {}, 404);
  const items = [...(await behindAddresses(() => text)), ...(await behindAddresses(() => gone))];
  const outcomes = await Promise.all(items.map((item) => take(item, { objects, photoMemory })));
  const codes = outcomes.map((outcome) => (outcome.kind === 'rejected' ? outcome.code : 'photo'));
  expect(new Set(codes)).toEqual(new Set(['NOT_AN_IMAGE', 'HTTP_STATUS']));
  expect(await photoMemory.hold(MAX_PHOTO_BYTES, async () => 'room')).toBe('room');
});

test('bodies of one host that never end do not keep the photographs of another waiting', async () => {
  const photoMemory = new MemoryBudget(MAX_HELD * MAX_PHOTO_BYTES);
  const objects = {
    head: async () => null,
    put: async (key: string, bytes: Uint8Array, contentType: string) => ({
      key,
      sha256: '',
      contentType,
      bytes: bytes.length,
    }),
  };
  const over = new AbortController();
  let [taken, fill] = [0, () => {}];
  const isFull = new Promise<void>((resolve) => {
    fill = resolve;
  });
  const dripping = await behindAddresses(() => (_, response) => response.write('x'));
  const ended = dripping.map((item) => {
    const noted = candidate(item.key, (signal, memory) => {
      const take = async (...asked: Parameters<MemoryLease['take']>) => {
        await memory.take(...asked);
        taken += 1;
        if (taken === MAX_HELD / 2) fill();
      };
      return item.read(signal, { ...memory, take });
    });
    return take(noted, { objects, photoMemory }, over.signal);
  });
  await isFull;
  const honest = await behindAddresses(withoutLength);
  const outcomes = await Promise.all(honest.map((item) => take(item, { objects, photoMemory })));
  expect(outcomes.map(({ kind }) => kind)).toEqual(Array.from({ length: PHOTOS }, () => 'photo'));
  expect(taken).toBe(MAX_HELD / 2);
  over.abort(new Error('over'));
  await Promise.allSettled(ended);
});

test('the end of a run ends the waiting', async () => {
  const photoMemory = new MemoryBudget(MAX_PHOTO_BYTES);
  await photoMemory.lease().take(1);
  const objects = { head: async () => null, put: () => Promise.reject(new Error('not stored')) };
  const over = new AbortController();
  const [item] = await behindAddresses(withLength);
  if (item === undefined) throw new Error('no photograph');
  const waiting = take(item, { objects, photoMemory }, over.signal);
  await untilOneWaits(photoMemory);
  over.abort(new Error('over'));
  await expect(waiting).rejects.toThrow('over');
  expect(photoMemory.waiting).toBe(0);
});

test('a connection that breaks while its photograph waits is tried again', async () => {
  const photoMemory = new MemoryBudget(100);
  const other = photoMemory.lease();
  await other.take(1);
  let requests = 0;
  let breakOff = () => {};
  const { origin } = await site({
    '/a': (_, response) => {
      requests += 1;
      response.writeHead(200, { 'content-length': '100' }).flushHeaders();
      if (requests > 1) response.end(Buffer.alloc(100, 'a'));
      else breakOff = () => response.destroy();
    },
  });
  const memory = photoMemory.lease();
  const { signal } = new AbortController();
  const options = { accept: '*/*', maxBytes: 100, memory, signal };
  const got = fetcher().fetcher.get(new URL('/a', origin), options);
  await untilOneWaits(photoMemory);
  breakOff();
  other.keep(0);
  expect((await got).body).toHaveLength(100);
  expect(requests).toBe(2);
});
