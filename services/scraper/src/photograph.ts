import { createHash } from 'node:crypto';
import {
  ImageTooLargeError,
  type OpenPhoto,
  reasonOf,
  rgbOf,
  UnreadableImageError,
  withPhoto,
} from '@deepstyle/vision';
import { fileTypeFromBuffer } from 'file-type';
import { RejectedSourceError } from './errors.ts';

/** What the bytes of a photograph say of themselves. */
export interface Photograph {
  /** Lower-case hex SHA-256 of the bytes. */
  readonly id: string;
  readonly contentType: string;
  readonly bytes: number;
  /** As shown: after the orientation that the camera recorded. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Mean of the most frequent color, #rrggbb. */
  readonly dominantColor: string;
}

export interface PhotographLimits {
  readonly maxPhotoBytes: number;
  readonly maxPhotoPixels: number;
}

const MIN_SIDE_PX = 16;
// SVG and its like are decoded by sharp too and are no photographs: the first bytes decide, not the decoder.
const CONTENT_TYPES = new Map([
  ['image/jpeg', 'image/jpeg'],
  ['image/png', 'image/png'],
  ['image/apng', 'image/png'],
  ['image/webp', 'image/webp'],
  ['image/avif', 'image/avif'],
  ['image/gif', 'image/gif'],
]);
const SAMPLE_SIDE_PX = 32;

/**
 * Checks that bytes are a whole photograph: known format by its first bytes, within the limits, decodable to the end.
 * Of an animation the first frame counts.
 *
 * @throws RejectedSourceError NOT_AN_IMAGE, TOO_SMALL, TOO_LARGE, TRUNCATED
 */
export async function inspectPhotograph(
  bytes: Uint8Array,
  limits: PhotographLimits,
): Promise<Photograph> {
  if (bytes.byteLength > limits.maxPhotoBytes) throw tooManyBytes(limits.maxPhotoBytes);
  const contentType = await contentTypeOf(bytes);
  const pixels = await decoded(bytes, limits.maxPhotoPixels);
  return {
    id: createHash('sha256').update(bytes).digest('hex'),
    contentType,
    bytes: bytes.byteLength,
    ...pixels,
  };
}

export function tooManyBytes(maxBytes: number): RejectedSourceError {
  return new RejectedSourceError('TOO_LARGE', `It has more than ${maxBytes} bytes.`);
}

async function contentTypeOf(bytes: Uint8Array): Promise<string> {
  const found = await fileTypeFromBuffer(bytes);
  const contentType = CONTENT_TYPES.get(found?.mime ?? '');
  if (contentType !== undefined) return contentType;
  const what = found === undefined ? 'of no known format' : `${found.mime}`;
  throw new RejectedSourceError(
    'NOT_AN_IMAGE',
    `It is ${what}; photographs are JPEG, PNG, WebP, AVIF or GIF.`,
  );
}

/** The size of a picture and its color; what cannot be decoded to its end fails here. */
async function decoded(
  bytes: Uint8Array,
  maxPixels: number,
): Promise<Pick<Photograph, 'widthPx' | 'heightPx' | 'dominantColor'>> {
  try {
    return await withPhoto(bytes, { maxPixels }, async (photo) => {
      const { width: widthPx, height: heightPx } = photo.header.autoOrient;
      if (Math.min(widthPx, heightPx) < MIN_SIDE_PX) throw tooSmall(widthPx, heightPx);
      return { widthPx, heightPx, dominantColor: dominantColor(await sampleOf(photo)) };
    });
  } catch (error) {
    if (error instanceof RejectedSourceError) throw error;
    if (error instanceof ImageTooLargeError)
      throw new RejectedSourceError('TOO_LARGE', error.message, error);
    throw undecodable(error);
  }
}

/** The whole picture, averaged down to a few pixels. */
async function sampleOf({ decode }: OpenPhoto): Promise<Uint8Array> {
  const { data, info } = await decode()
    .resize(SAMPLE_SIDE_PX, SAMPLE_SIDE_PX, { fit: 'fill', kernel: 'linear' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return rgbOf(data, info.channels);
}

function tooSmall(widthPx: number, heightPx: number): RejectedSourceError {
  return new RejectedSourceError(
    'TOO_SMALL',
    `It has ${widthPx} x ${heightPx} pixels; a photograph needs at least ${MIN_SIDE_PX} x ${MIN_SIDE_PX}.`,
  );
}

function undecodable(error: unknown): RejectedSourceError {
  const cause = error instanceof UnreadableImageError ? (error.cause ?? error) : error;
  return new RejectedSourceError(
    'TRUNCATED',
    `It begins like a picture but cannot be decoded to its end (${reasonOf(cause)}).`,
    error,
  );
}

/** Mean of the fullest of 8 x 8 x 8 color cells; ties go to the darker one. `rgb`: interleaved 8-bit samples. */
export function dominantColor(rgb: Uint8Array): string {
  const cells = new Map<number, { count: number; sum: [number, number, number] }>();
  for (let i = 0; i + 2 < rgb.length; i += 3) {
    const [r, g, b] = [rgb[i] ?? 0, rgb[i + 1] ?? 0, rgb[i + 2] ?? 0];
    const key = ((r >> 5) << 6) | ((g >> 5) << 3) | (b >> 5);
    const cell = cells.get(key) ?? { count: 0, sum: [0, 0, 0] };
    cell.count += 1;
    cell.sum = [cell.sum[0] + r, cell.sum[1] + g, cell.sum[2] + b];
    cells.set(key, cell);
  }
  const [fullest] = [...cells.entries()].sort(([ka, a], [kb, b]) => b.count - a.count || ka - kb);
  if (fullest === undefined) return '#000000';
  const { count, sum } = fullest[1];
  const digits = sum.map((total) =>
    Math.round(total / count)
      .toString(16)
      .padStart(2, '0'),
  );
  return `#${digits.join('')}`;
}
