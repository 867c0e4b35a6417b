import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ObjectReference, ObjectStore } from '@deepstyle/storage';
import sharp from 'sharp';
import type { ImageSlots } from '../image-slots.ts';
import type { IrregularityCode } from '../irregularities.ts';
import type { IrregularityReport } from '../irregularity-report.ts';
import type { FoundImage, ImageFolder } from './image-folder.ts';

export interface ImageReading {
  readonly report: IrregularityReport;
  readonly signal?: AbortSignal | undefined;
  /** Images read at once. */
  readonly concurrency: number;
  readonly onProgress?: ((images: number, of: number) => void) | undefined;
}

const TINY_PX = 32;
const THUMBNAIL_PX = 8;
const CONTENT_TYPES: ReadonlyMap<string, string> = new Map([
  ['jpeg', 'image/jpeg'],
  ['png', 'image/png'],
  ['webp', 'image/webp'],
  ['gif', 'image/gif'],
  ['tiff', 'image/tiff'],
  ['heif', 'image/avif'],
]);
const OBJECT_FOLDER = 'dataset-images';

interface Header {
  readonly width: number;
  readonly height: number;
  readonly contentType: string;
}

/** Reads the headers of the images whose size is not known, and fills it in. @throws as checkImages */
export async function measureImages(
  slots: ImageSlots,
  folder: ImageFolder,
  reading: ImageReading,
): Promise<void> {
  await forEachImage(slots, reading, async (place) => {
    if (slots.size(place) === null) await readImage(slots, place, folder, reading, headerOf);
  });
}

/**
 * Reads all images and fills in their sizes; a size on the disk goes before one in the annotations.
 *
 * @param isDeep decodes them too: a header is often whole where the rest is not
 * @throws IrregularDatasetError in strict mode; the signal's reason
 */
export async function checkImages(
  slots: ImageSlots,
  folder: ImageFolder,
  isDeep: boolean,
  reading: ImageReading,
): Promise<void> {
  const read = isDeep ? decoded : headerOf;
  await forEachImage(slots, reading, (place) => readImage(slots, place, folder, reading, read));
}

async function readImage(
  slots: ImageSlots,
  place: number,
  folder: ImageFolder,
  { report }: ImageReading,
  read: (path: string) => Promise<Header | string>,
): Promise<void> {
  const found = await findImage(slots, place, folder, report);
  if (found === null) return;
  const header = await read(found.path);
  if (typeof header === 'string') {
    say(slots, place, report, 'IMAGE_UNREADABLE', `${found.name}: ${header}`);
  } else takeSize(slots, place, header, report);
}

/**
 * Stores the images that are on the disk under the hash of their bytes, and fills in their sizes.
 *
 * @returns the stored images by id
 * @throws what the object store throws; IrregularDatasetError in strict mode; the signal's reason
 */
export async function storeImages(
  slots: ImageSlots,
  folder: ImageFolder,
  objects: ObjectStore,
  reading: ImageReading,
): Promise<Map<number, ObjectReference>> {
  const stored = new Map<number, ObjectReference>();
  await forEachImage(slots, reading, async (place) => {
    const found = await findImage(slots, place, folder, reading.report);
    if (found === null) return;
    const bytes = await readFile(found.path).catch((error: NodeJS.ErrnoException) => error);
    const header = Buffer.isBuffer(bytes)
      ? await decoded(bytes)
      : `It cannot be read (${bytes.code}).`;
    if (typeof header === 'string' || !Buffer.isBuffer(bytes)) {
      say(slots, place, reading.report, 'IMAGE_UNREADABLE', `${found.name}: ${header}`);
      return;
    }
    takeSize(slots, place, header, reading.report);
    stored.set(slots.id(place), await putImage(objects, bytes, header.contentType));
  });
  return stored;
}

async function putImage(
  objects: ObjectStore,
  bytes: Buffer,
  contentType: string,
): Promise<ObjectReference> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const key = `${OBJECT_FOLDER}/${sha256.slice(0, 2)}/${sha256}`;
  return (await objects.head(key)) ?? objects.put(key, bytes, contentType);
}

/** Several images at once, each place exactly once; the first failure ends it. */
async function forEachImage(
  slots: ImageSlots,
  { signal, concurrency, onProgress }: ImageReading,
  work: (place: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  let done = 0;
  let hasFailed = false;
  const lane = async (): Promise<void> => {
    while (next < slots.count && !hasFailed) {
      const place = next;
      next += 1;
      signal?.throwIfAborted();
      await work(place);
      done += 1;
      onProgress?.(done, slots.count);
    }
  };
  const lanes = Array.from({ length: concurrency }, () =>
    lane().catch((error: unknown) => {
      hasFailed = true;
      throw error;
    }),
  );
  // All lanes have ended before a failure is told, so that nothing works on behind it.
  const outcomes = await Promise.allSettled(lanes);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

async function findImage(
  slots: ImageSlots,
  place: number,
  folder: ImageFolder,
  report: IrregularityReport,
): Promise<FoundImage | null> {
  const name = slots.fileName(place);
  const found = await folder.find(name);
  if (found === null) say(slots, place, report, 'IMAGE_MISSING', name);
  else if (found.name !== name) {
    say(slots, place, report, 'NAME_CASE', `"${name}" is "${found.name}" on the disk.`);
  }
  return found;
}

/** What the header of an image says, or why it says nothing. */
async function headerOf(input: string | Buffer): Promise<Header | string> {
  try {
    // Annotations count in the pixels of the file, before any orientation is applied.
    const { width, height, format } = await sharp(input, { limitInputPixels: false }).metadata();
    const contentType = CONTENT_TYPES.get(format);
    if (contentType === undefined) return `It is ${format}, no photograph.`;
    return { width, height, contentType };
  } catch (error) {
    return firstLine(error);
  }
}

/** The header of an image that decodes to its end, or why it does not. */
async function decoded(input: string | Buffer): Promise<Header | string> {
  const header = await headerOf(input);
  if (typeof header === 'string') return header;
  try {
    // Nearly as good as the whole image and several times as fast: what is skipped is arithmetic, no byte.
    await sharp(input, { failOn: 'truncated' })
      .resize(THUMBNAIL_PX, THUMBNAIL_PX, { fit: 'fill' })
      .raw()
      .toBuffer();
    return header;
  } catch (error) {
    return firstLine(error);
  }
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message.split('\n')[0] : String(error);
  // Where several images fail at once, the library forgets why one of them did.
  return message === 'Unknown error' ? 'It does not decode to its end.' : `${message}.`;
}

function takeSize(
  slots: ImageSlots,
  place: number,
  { width, height }: Header,
  report: IrregularityReport,
): void {
  const said = slots.size(place);
  if (said !== null && (said[0] !== width || said[1] !== height)) {
    const sizes = `${said[0]} x ${said[1]} is ${width} x ${height} on the disk.`;
    say(slots, place, report, 'SIZE_DISAGREES', `${slots.fileName(place)}: ${sizes}`);
  }
  if (Math.min(width, height) < TINY_PX) {
    say(slots, place, report, 'IMAGE_TINY', `${slots.fileName(place)}: ${width} x ${height}.`);
  }
  slots.setSize(place, width, height);
}

function say(
  slots: ImageSlots,
  place: number,
  report: IrregularityReport,
  code: IrregularityCode,
  detail: string,
): void {
  const { file, line } = slots.origin(place);
  report.add(code, file, line, detail);
}
