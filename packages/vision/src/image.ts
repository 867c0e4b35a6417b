import sharp from 'sharp';
import { ArrayShapeError, UnreadableImageError } from './errors.ts';
import { type PhotoHeader, type PhotoSource, reasonOf, withPhoto } from './open-photo.ts';

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

/** RGB, and what the library still holds of it. */
const RESULT_BYTES_PER_PIXEL = 4;

/**
 * Decode a photograph to sRGB bytes: the EXIF orientation is applied, transparency laid on white, of an animation the
 * first picture is taken.
 * @throws UnreadableImageError where it is no photograph, cut short or corrupt
 * @throws ImageTooLargeError as `withPhoto`
 */
export function decodeRgb(source: PhotoSource, options: DecodeOptions = {}): Promise<RgbImage> {
  const { maxPixels, maxSidePx = Number.POSITIVE_INFINITY } = options;
  const resultBytes = ({ width, height }: PhotoHeader) => {
    const scale = Math.min(1, maxSidePx / Math.max(width, height));
    return width * height * scale ** 2 * RESULT_BYTES_PER_PIXEL;
  };
  return withPhoto(source, { maxPixels, resultBytes }, async ({ decode }) => {
    const pipeline = decode()
      .autoOrient()
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .removeAlpha();
    if (maxSidePx < Number.POSITIVE_INFINITY) {
      pipeline.resize(maxSidePx, maxSidePx, { fit: 'inside', withoutEnlargement: true });
    }
    const { data, info } = await pipeline
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
      .catch((cause) => {
        throw new UnreadableImageError(reasonOf(cause), cause);
      });
    return { width: info.width, height: info.height, data: rgbOf(data, info.channels) };
  });
}

/** Interleaved samples as RGB: grey pictures come with one channel. */
export function rgbOf(data: Uint8Array, channels: number): Uint8Array {
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

/** A part of a picture. @param box left, top, right, bottom; whole px inside of it, right and bottom exclusive */
export function cropRgb(
  { width, data }: RgbImage,
  [left, top, right, bottom]: readonly [number, number, number, number],
): RgbImage {
  const rowBytes = (right - left) * 3;
  const part = new Uint8Array(rowBytes * (bottom - top));
  for (let y = top; y < bottom; y++) {
    const from = (y * width + left) * 3;
    part.set(data.subarray(from, from + rowBytes), (y - top) * rowBytes);
  }
  return { width: right - left, height: bottom - top, data: part };
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
