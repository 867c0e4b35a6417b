import type { CategoryType } from '@deepstyle/contracts';
import {
  decodeRgb,
  PALETTE_SIDE_PX,
  type PhotoHeader,
  type RgbImage,
  rgbOf,
  withPhoto,
} from '@deepstyle/vision';
import type { Sharp } from 'sharp';
import { type Box, cutBoxOf } from './crop.ts';
import { UnreadablePhotoError } from './errors.ts';

export interface ImageLimits {
  /** Photographs with more pixels are not decoded. */
  readonly maxPixels: number;
  /** Longest side of a crop, in pixels; larger ones are scaled down. */
  readonly maxSidePx: number;
  /** A crop with a shorter side, in pixels, is none. */
  readonly minSidePx: number;
}

/** A box of a photograph with the size of that. */
export interface Cut {
  readonly box: Box;
  readonly photo: { readonly width: number; readonly height: number };
}

export interface GarmentImage {
  /** The encoded crop; null where the photograph's own bytes are the image. */
  readonly encoded: { readonly bytes: Uint8Array; readonly contentType: string } | null;
  readonly widthPx: number;
  readonly heightPx: number;
  /** What of the photograph it is; null where it is all. */
  readonly cut: Cut | null;
  /** Small: enough for a palette and a blurred preview. */
  readonly thumbnail: RgbImage;
}

const WHITE = '#ffffff';
// Crops are training data: no chroma subsampling, which blurs the edges of saturated colours.
const JPEG = { quality: 90, chromaSubsampling: '4:4:4' } as const;
// What every consumer and browser decodes as it is.
const PLAIN_FORMATS = new Set(['jpeg', 'png', 'webp']);

/**
 * The whole photograph as one garment. Its own bytes serve as the image where they need no re-encoding: upright, opaque
 * sRGB or grey in a common format, no longer than the limit; anything else becomes an upright sRGB JPEG on white.
 *
 * @throws UnreadablePhotoError
 */
export function wholeImage(bytes: Uint8Array, limits: ImageLimits): Promise<GarmentImage> {
  return readable(async () => {
    const { header, crop } = await withPhoto(bytes, limits, async ({ header, decode }) => ({
      header,
      crop: isPlain(header, limits) ? null : await encodeCrop(decode().autoOrient(), limits),
    }));
    if (crop !== null) return garmentOf(crop, null, limits);
    const { width, height } = header;
    const thumbnail = await thumbnailOf(bytes, limits);
    return { encoded: null, widthPx: width, heightPx: height, cut: null, thumbnail };
  });
}

/**
 * The crop of one detected box, padded by the garment's type; null where it lies outside of the photograph.
 *
 * @throws UnreadablePhotoError
 */
export function boxImage(
  bytes: Uint8Array,
  box: Box,
  type: CategoryType,
  limits: ImageLimits,
): Promise<GarmentImage | null> {
  return readable(async () => {
    const crop = await withPhoto(bytes, limits, async ({ header, decode }) => {
      const photo = header.autoOrient;
      const size = { widthPx: photo.width, heightPx: photo.height };
      const cut = cutBoxOf(box, type, size, limits.minSidePx);
      if (cut === null) return null;
      const [left, top, right, bottom] = cut;
      const region = { left, top, width: right - left, height: bottom - top };
      const encoded = await encodeCrop(decode().autoOrient().extract(region), limits);
      return { encoded, cut: { box: cut, photo } };
    });
    return crop === null ? null : garmentOf(crop.encoded, crop.cut, limits);
  });
}

/**
 * The whole photograph squeezed into a square, as a network takes it: sRGB bytes [side, side, 3].
 *
 * @throws UnreadablePhotoError
 */
export function squareImage(
  bytes: Uint8Array,
  side: number,
  limits: Pick<ImageLimits, 'maxPixels'>,
): Promise<Uint8Array> {
  return readable(async () => {
    const { data, info } = await withPhoto(bytes, limits, ({ decode }) =>
      decode()
        .autoOrient()
        .flatten({ background: WHITE })
        .toColourspace('srgb')
        .removeAlpha()
        .resize({ width: side, height: side, fit: 'fill' })
        .raw({ depth: 'uchar' })
        .toBuffer({ resolveWithObject: true }),
    );
    return rgbOf(data, info.channels);
  });
}

function isPlain(metadata: PhotoHeader, { maxSidePx }: ImageLimits): boolean {
  const { format, orientation, space, depth, hasAlpha, pages, width, height } = metadata;
  return (
    PLAIN_FORMATS.has(format) &&
    (orientation === undefined || orientation <= 1) &&
    (space === 'srgb' || space === 'b-w') &&
    depth === 'uchar' &&
    !hasAlpha &&
    (pages ?? 1) === 1 &&
    Math.max(width, height) <= maxSidePx
  );
}

interface Crop {
  readonly data: Uint8Array;
  readonly info: { readonly width: number; readonly height: number };
}

function encodeCrop(image: Sharp, { maxSidePx }: ImageLimits): Promise<Crop> {
  return image
    .flatten({ background: WHITE })
    .toColourspace('srgb')
    .resize({ width: maxSidePx, height: maxSidePx, fit: 'inside', withoutEnlargement: true })
    .jpeg(JPEG)
    .toBuffer({ resolveWithObject: true });
}

async function garmentOf(
  { data, info }: Crop,
  cut: Cut | null,
  limits: ImageLimits,
): Promise<GarmentImage> {
  return {
    encoded: { bytes: data, contentType: 'image/jpeg' },
    widthPx: info.width,
    heightPx: info.height,
    cut,
    thumbnail: await thumbnailOf(data, limits),
  };
}

function thumbnailOf(bytes: Uint8Array, { maxPixels }: ImageLimits): Promise<RgbImage> {
  return decodeRgb(bytes, { maxPixels, maxSidePx: PALETTE_SIDE_PX });
}

// Whatever is thrown here speaks of the bytes.
async function readable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new UnreadablePhotoError(error);
  }
}
