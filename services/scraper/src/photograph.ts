import { createHash } from 'node:crypto';
import { fileTypeFromBuffer } from 'file-type';
import sharp from 'sharp';
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
  const { widthPx, heightPx } = await sizeOf(bytes);
  if (Math.min(widthPx, heightPx) < MIN_SIDE_PX) {
    throw new RejectedSourceError(
      'TOO_SMALL',
      `It has ${widthPx} x ${heightPx} pixels; a photograph needs at least ${MIN_SIDE_PX} x ${MIN_SIDE_PX}.`,
    );
  }
  if (widthPx * heightPx > limits.maxPhotoPixels) {
    throw new RejectedSourceError(
      'TOO_LARGE',
      `It has ${widthPx} x ${heightPx} pixels, more than ${limits.maxPhotoPixels} in all.`,
    );
  }
  return {
    id: createHash('sha256').update(bytes).digest('hex'),
    contentType,
    bytes: bytes.byteLength,
    widthPx,
    heightPx,
    dominantColor: dominantColor(await decodeSmall(bytes, limits.maxPhotoPixels)),
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

async function sizeOf(bytes: Uint8Array): Promise<{ widthPx: number; heightPx: number }> {
  try {
    // The header alone is read here, whatever size it claims; the limit is checked before the decoding.
    const { autoOrient } = await sharp(bytes, { limitInputPixels: false }).metadata();
    return { widthPx: autoOrient.width, heightPx: autoOrient.height };
  } catch (error) {
    throw undecodable(error);
  }
}

/** The whole picture, averaged down to a few pixels: what cannot be decoded to its end fails here. */
async function decodeSmall(bytes: Uint8Array, maxPixels: number): Promise<Uint8Array> {
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: maxPixels, failOn: 'error' })
      .resize(SAMPLE_SIDE_PX, SAMPLE_SIDE_PX, { fit: 'fill', kernel: 'linear' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return info.channels === 3 ? data : repeatChannel(data, info.channels);
  } catch (error) {
    throw undecodable(error);
  }
}

function repeatChannel(data: Uint8Array, channels: number): Uint8Array {
  return Uint8Array.from({ length: (data.length / channels) * 3 }, (_, i) => {
    return data[Math.floor(i / 3) * channels] ?? 0;
  });
}

function undecodable(error: unknown): RejectedSourceError {
  const detail = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
  return new RejectedSourceError(
    'TRUNCATED',
    `It begins like a picture but cannot be decoded to its end (${detail}).`,
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
