import { createHash } from 'node:crypto';
import { readFileUpTo } from '@deepstyle/platform';
import type { ObjectReference, ObjectStore } from '@deepstyle/storage';
import {
  ImageTooLargeError,
  type PhotoHeader,
  type PhotoSource,
  readPhotoHeader,
  reasonOf,
  UnreadableImageError,
  withPhoto,
} from '@deepstyle/vision';
import type { ImageSlots, SeenImage } from '../image-slots.ts';
import type { IrregularityCode } from '../irregularities.ts';
import type { IrregularityReport } from '../irregularity-report.ts';
import type { FoundImage, ImageFinder } from './image-finder.ts';

export interface ImageReading {
  readonly report: IrregularityReport;
  readonly signal?: AbortSignal | undefined;
  /** Images read at once. */
  readonly concurrency: number;
  readonly onProgress?: ((images: number, of: number) => void) | undefined;
}

const TINY_PX = 32;
/** Some are read at once. */
const MAX_IMAGE_BYTES = 64_000_000;
const THUMBNAIL_PX = 8;
// Other formats are called by their names.
const CONTENT_TYPES: ReadonlyMap<string, string> = new Map([['heif', 'image/avif']]);
const OBJECT_FOLDER = 'dataset-images';

interface Header extends SeenImage {
  readonly contentType: string;
}

/** Why an image gives no header. */
interface Unreadable {
  readonly code: 'IMAGE_UNREADABLE' | 'IMAGE_TOO_LARGE';
  readonly problem: string;
}

/** Reads the headers of the images whose size is not known. @throws as checkImages */
export async function measureImages(
  slots: ImageSlots,
  finder: ImageFinder,
  reading: ImageReading,
): Promise<void> {
  await forEachImage(slots, reading, async (place) => {
    if (slots.size(place) === null) await readImage(slots, place, finder, reading, headerOf);
  });
}

/**
 * Reads all images and tells their slots what was seen.
 *
 * @param isDeep decodes them too: a header is often whole where the rest is not
 * @throws IrregularDatasetError in strict mode; the signal's reason
 */
export async function checkImages(
  slots: ImageSlots,
  finder: ImageFinder,
  isDeep: boolean,
  reading: ImageReading,
): Promise<void> {
  const read = isDeep ? decoded : headerOf;
  await forEachImage(slots, reading, (place) => readImage(slots, place, finder, reading, read));
}

async function readImage(
  slots: ImageSlots,
  place: number,
  finder: ImageFinder,
  { report }: ImageReading,
  read: (path: string) => Promise<Header | Unreadable>,
): Promise<void> {
  const found = await findImage(slots, place, finder, report);
  if (found === null) return;
  const header = await read(found.path);
  if ('problem' in header) {
    say(slots, place, report, header.code, `${found.name}: ${header.problem}`);
  } else takeHeader(slots, place, header, report);
}

/**
 * Stores the images that are on the disk under the hash of their bytes, and tells their slots what was seen.
 *
 * @returns the stored images by id
 * @throws what the object store throws; IrregularDatasetError in strict mode; the signal's reason
 */
export async function storeImages(
  slots: ImageSlots,
  finder: ImageFinder,
  objects: ObjectStore,
  reading: ImageReading,
): Promise<Map<number, ObjectReference>> {
  const stored = new Map<number, ObjectReference>();
  await forEachImage(slots, reading, async (place) => {
    const found = await findImage(slots, place, finder, reading.report);
    if (found === null) return;
    const leave = ({ code, problem }: Unreadable): void =>
      say(slots, place, reading.report, code, `${found.name}: ${problem}`);
    const bytes = await bytesOf(found.path);
    if ('problem' in bytes) return leave(bytes);
    const header = await decoded(bytes);
    if ('problem' in header) return leave(header);
    takeHeader(slots, place, header, reading.report);
    stored.set(slots.id(place), await putImage(objects, bytes, header.contentType));
  });
  return stored;
}

async function bytesOf(path: string): Promise<Buffer | Unreadable> {
  const read = await readFileUpTo(path, MAX_IMAGE_BYTES).catch(
    ({ code }: NodeJS.ErrnoException) => `It cannot be read (${code}).`,
  );
  if (read === 'too large')
    return { code: 'IMAGE_TOO_LARGE', problem: `It has more than ${MAX_IMAGE_BYTES / 1e6} MB.` };
  if (read === 'no regular file')
    return { code: 'IMAGE_UNREADABLE', problem: 'It is no regular file.' };
  return typeof read === 'string' ? { code: 'IMAGE_UNREADABLE', problem: read } : read;
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
  finder: ImageFinder,
  report: IrregularityReport,
): Promise<FoundImage | null> {
  const name = slots.fileName(place);
  const found = await finder.find(slots.group(place), name);
  if (typeof found === 'string') {
    say(slots, place, report, found === 'missing' ? 'IMAGE_MISSING' : 'LINK_OUTSIDE', name);
    return null;
  }
  if (found.isShortened || found.name !== name) {
    const code = found.isShortened ? 'PATH_SHORTENED' : 'NAME_CASE';
    say(slots, place, report, code, `"${name}" is "${found.name}" on the disk.`);
  }
  return found;
}

/** What the header of an image says, or why it says nothing. */
async function headerOf(source: PhotoSource): Promise<Header | Unreadable> {
  try {
    return describe(await readPhotoHeader(source));
  } catch (error) {
    return unreadable(error);
  }
}

/** The header of an image that decodes to its end, or why it does not. */
async function decoded(source: PhotoSource): Promise<Header | Unreadable> {
  try {
    return await withPhoto(source, {}, async ({ header, decode }) => {
      // Nearly as good as the whole image and several times as fast: what is skipped is arithmetic, no byte.
      await decode().resize(THUMBNAIL_PX, THUMBNAIL_PX, { fit: 'fill' }).raw().toBuffer();
      return describe(header);
    });
  } catch (error) {
    return unreadable(error);
  }
}

function describe({ width, height, orientation = 1, format }: PhotoHeader): Header {
  return {
    width,
    height,
    // Some cameras write 0.
    orientation: orientation >= 1 && orientation <= 8 ? orientation : 1,
    contentType: CONTENT_TYPES.get(format) ?? `image/${format}`,
  };
}

function unreadable(error: unknown): Unreadable {
  if (error instanceof ImageTooLargeError)
    return { code: 'IMAGE_TOO_LARGE', problem: error.message };
  const cause = error instanceof UnreadableImageError ? (error.cause ?? error) : error;
  const reason = reasonOf(cause);
  // Where several images fail at once, the library forgets why one of them did.
  const problem = reason === 'Unknown error' ? 'It does not decode to its end.' : `${reason}.`;
  return { code: 'IMAGE_UNREADABLE', problem };
}

function takeHeader(
  slots: ImageSlots,
  place: number,
  { width, height, orientation }: Header,
  report: IrregularityReport,
): void {
  if (Math.min(width, height) < TINY_PX) {
    say(slots, place, report, 'IMAGE_TINY', `${slots.fileName(place)}: ${width} x ${height}.`);
  }
  slots.see(place, { width, height, orientation });
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
