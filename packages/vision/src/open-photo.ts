import { open, readFile, stat } from 'node:fs/promises';
import sharp, { type Metadata, type Sharp, type SharpOptions } from 'sharp';
import { decodeBytesOf, headerBytesOf } from './decode-bytes.ts';
import { ImageTooLargeError, UnreadableImageError } from './errors.ts';
import { MemoryBudget } from './memory-budget.ts';
import { photoFormatOf, SIGNATURE_BYTES } from './photo-format.ts';
import { withoutPngText } from './png-text.ts';
import { isParted, refuseManyParts } from './refuse-many-parts.ts';

/** A photograph with more pixels is refused before it is decoded. 64 megapixels: above the largest full-frame cameras' 61. */
export const DEFAULT_MAX_PIXELS = 64_000_000;
/** Beside what a process takes otherwise it is less than 1 GiB, which a pod has. */
export const DEFAULT_DECODE_MEMORY_BYTES = 384_000_000;

/** A file that is looked through before it is decoded: more than a PNG of 64 megapixels takes where it is packed at all. */
const MAX_FILE_BYTES = 256_000_000;

/**
 * What may be decoded: everywhere the same, so that what is stored can be shown. A decoder's warnings pass, as cameras and
 * editors write files that deserve them; what is cut short or corrupt fails. The limits are kept by hand, on the header.
 */
const DECODABLE: SharpOptions = { failOn: 'error', limitInputPixels: false };

// It would keep up to 50 MB of what was decoded, and nothing is decoded twice.
sharp.cache(false);

// Decoding happens in one place of the process, whoever asks: so its memory is shared by all.
let budget = new MemoryBudget(DEFAULT_DECODE_MEMORY_BYTES);

/** Sets how much memory all decodings of this process may take together. */
export function limitDecodeMemory(bytes: number): void {
  budget = new MemoryBudget(bytes);
}

/** What the header of a photograph says, `autoOrient` of it as it is shown. */
export type PhotoHeader = Metadata;

/** The bytes of a photograph, or the path of its file. */
export type PhotoSource = Uint8Array | string;

export interface PhotoLimits {
  readonly maxPixels?: number | undefined;
  /** Bytes that the result takes by itself, where it is no thumbnail. */
  readonly resultBytes?: ((header: PhotoHeader) => number) | undefined;
}

/** A photograph whose header is read and within the limits. */
export interface OpenPhoto {
  readonly header: PhotoHeader;
  /** A pipeline over it, to be run before `work` ends. */
  readonly decode: () => Sharp;
}

/**
 * The header of a photograph; nothing is decoded.
 *
 * @throws UnreadableImageError where it is no photograph
 */
export async function readPhotoHeader(source: PhotoSource): Promise<PhotoHeader> {
  const { header } = await look(source);
  return header;
}

interface SeenPhoto {
  /** What a decoder may see of it. */
  readonly seen: PhotoSource;
  readonly header: PhotoHeader;
}

/** @throws UnreadableImageError where it is no photograph */
async function look(source: PhotoSource): Promise<SeenPhoto> {
  const size = typeof source === 'string' ? (await stat(source)).size : source.length;
  // Alone, a file of any size is looked at.
  return budget.hold(Math.min(headerBytesOf(size), budget.limitBytes), async () => {
    const seen = await decodable(source);
    return { seen, header: await headerOf(seen) };
  });
}

/** What a decoder may see of a photograph. @throws UnreadableImageError where it is no photograph */
async function decodable(source: PhotoSource): Promise<PhotoSource> {
  const start = typeof source === 'string' ? await firstBytes(source) : source;
  if (start.length === 0) throw new UnreadableImageError('the file is empty');
  const format = photoFormatOf(start);
  // Some formats are programs or documents.
  if (format === undefined) {
    throw new UnreadableImageError('its first bytes are those of no known picture format');
  }
  if (!isParted(format)) return source;
  const bytes = typeof source === 'string' ? await wholeOf(source) : source;
  refuseManyParts(format, bytes);
  const seen = format === 'png' ? withoutPngText(bytes) : bytes;
  return seen === bytes ? source : seen;
}

async function wholeOf(path: string): Promise<Uint8Array> {
  const { size } = await stat(path);
  if (size > MAX_FILE_BYTES)
    throw new UnreadableImageError(`it has more than ${MAX_FILE_BYTES} bytes`);
  return readFile(path);
}

function headerOf(source: PhotoSource): Promise<PhotoHeader> {
  return sharp(source, DECODABLE)
    .metadata()
    .catch((cause) => {
      throw new UnreadableImageError(reasonOf(cause), cause);
    });
}

/**
 * Decodes a photograph, once the decodings under way leave enough memory for it. All that comes from outside is decoded
 * here.
 *
 * @throws UnreadableImageError where it is no photograph; ImageTooLargeError where it has more than `maxPixels` pixels or
 *   needs more memory than all decodings together may take; what `work` throws
 */
export async function withPhoto<T>(
  source: PhotoSource,
  limits: PhotoLimits,
  work: (photo: OpenPhoto) => Promise<T>,
): Promise<T> {
  const { maxPixels = DEFAULT_MAX_PIXELS, resultBytes } = limits;
  const { seen, header } = await look(source);
  const { width, height } = header;
  if (width * height > maxPixels) {
    throw new ImageTooLargeError(width, height, `more than the limit of ${maxPixels}`);
  }
  const bytes = decodeBytesOf(header) + (resultBytes?.(header) ?? 0);
  const { limitBytes } = budget;
  if (bytes > limitBytes) {
    const [needed, allowed] = [bytes, limitBytes].map((each) => Math.ceil(each / 1e6));
    throw new ImageTooLargeError(
      width,
      height,
      `which take ${needed} MB to decode in this format; DECODE_MEMORY_MB allows ${allowed}`,
    );
  }
  return budget.hold(bytes, () => work({ header, decode: () => sharp(seen, DECODABLE) }));
}

/** What a decoder says of a photograph, in one line. */
export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message.replaceAll(/\s+/g, ' ').trim() : String(cause);
}

async function firstBytes(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SIGNATURE_BYTES));
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
