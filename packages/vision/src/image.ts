import sharp from 'sharp';
import { ArrayShapeError, ImageTooLargeError, UnreadableImageError } from './errors.ts';

/** A decoded photograph: sRGB bytes, row by row, `data[(y * width + x) * 3 + channel]`. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  /** [height, width, 3], 0..255. */
  readonly data: Uint8Array;
}

export interface DecodeOptions {
  /** A photograph with more pixels is refused before it is decoded. */
  readonly maxPixels?: number;
  /** Scale down (never up) so that the longer side is at most this many px. */
  readonly maxSidePx?: number;
}

/** 64 megapixels: above the largest full-frame cameras' 61. */
export const DEFAULT_MAX_PIXELS = 64_000_000;

export type PhotoFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'avif' | 'tiff';

/**
 * The format that the first bytes name; undefined for everything that is no photograph. SVG is none on purpose: it is a
 * program for a renderer, not a picture.
 */
export function photoFormatOf(bytes: Uint8Array): PhotoFormat | undefined {
  const ascii = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg';
  if (bytes[0] === 0x89 && ascii(1, 8) === 'PNG\r\n\u001a\n') return 'png';
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return 'webp';
  if (ascii(0, 6) === 'GIF87a' || ascii(0, 6) === 'GIF89a') return 'gif';
  if (ascii(4, 8) === 'ftyp' && ['avif', 'avis'].includes(ascii(8, 12))) return 'avif';
  if (ascii(0, 4) === 'II*\0' || ascii(0, 4) === 'MM\0*') return 'tiff';
  return undefined;
}

/**
 * Decode a photograph to sRGB bytes: the EXIF orientation is applied, transparency laid on white, of an animation the
 * first picture is taken.
 * @throws UnreadableImageError where the bytes are no photograph, cut short or corrupt
 * @throws ImageTooLargeError where it has more than `maxPixels` pixels
 */
export async function decodeRgb(bytes: Uint8Array, options: DecodeOptions = {}): Promise<RgbImage> {
  const { maxPixels = DEFAULT_MAX_PIXELS, maxSidePx } = options;
  if (bytes.length === 0) throw new UnreadableImageError('the file is empty');
  if (photoFormatOf(bytes) === undefined) {
    throw new UnreadableImageError('its first bytes are those of no known picture format');
  }
  // The limit is checked by hand on the header, so that the message can give the real size.
  const pipeline = sharp(bytes, { failOn: 'error', limitInputPixels: false });
  const header = await pipeline.metadata().catch((cause) => {
    throw new UnreadableImageError(reasonOf(cause), cause);
  });
  if (header.width * header.height > maxPixels) {
    throw new ImageTooLargeError(header.width, header.height, maxPixels);
  }
  pipeline.autoOrient().flatten({ background: '#ffffff' }).toColourspace('srgb').removeAlpha();
  if (maxSidePx !== undefined) {
    pipeline.resize(maxSidePx, maxSidePx, { fit: 'inside', withoutEnlargement: true });
  }
  const { data, info } = await pipeline
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((cause) => {
      throw new UnreadableImageError(reasonOf(cause), cause);
    });
  return { width: info.width, height: info.height, data: asRgb(data, info.channels) };
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message.replaceAll(/\s+/g, ' ') : String(cause);
}

/** Grey pictures come with one channel. */
function asRgb(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return data;
  const pixels = data.length / channels;
  const rgb = new Uint8Array(pixels * 3);
  for (let i = 0; i < pixels; i++) rgb.fill(data[i * channels] as number, i * 3, i * 3 + 3);
  return rgb;
}

export type EncodeFormat = 'png' | 'webp' | 'jpeg';

export interface EncodeOptions {
  readonly format?: EncodeFormat;
  /** 1..100, for WebP and JPEG. */
  readonly quality?: number;
}

/** Encode sRGB bytes; PNG (lossless) where no format is named. No metadata is written. */
export async function encodeRgb(image: RgbImage, options: EncodeOptions = {}): Promise<Uint8Array> {
  const { format = 'png', quality = 90 } = options;
  checkRgb(image);
  const pipeline = sharp(image.data, {
    raw: { width: image.width, height: image.height, channels: 3 },
  });
  if (format === 'png') return await pipeline.png({ compressionLevel: 9 }).toBuffer();
  if (format === 'webp') return await pipeline.webp({ quality }).toBuffer();
  return await pipeline.jpeg({ quality, chromaSubsampling: '4:4:4' }).toBuffer();
}

/** @throws ArrayShapeError where the data are not `width * height * 3` bytes */
export function checkRgb({ width, height, data }: RgbImage): void {
  if (data.length !== width * height * 3) {
    throw new ArrayShapeError(
      'RGB image',
      `${width} x ${height} x 3 = ${width * height * 3} bytes`,
      `${data.length}`,
    );
  }
}
