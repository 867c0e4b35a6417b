import sharp from 'sharp';
import { type DecodeOptions, decodeRgb, type RgbImage } from './image.ts';

export interface FitOptions extends Pick<DecodeOptions, 'maxPixels'> {
  /** Side of the square, px. */
  readonly sizePx: number;
}

/**
 * A photograph as the square that a GAN trains on: the whole of it, with its rim drawn outwards where it is narrower.
 *
 * Garments are tall: the usual center crop cuts off collars and hems (a dress of 3:4 loses a quarter of its length), and what
 * is cut off in training is never designed. Squeezing would change the cut itself. The strip that is filled grows smoother
 * outwards, so that it shows no bars, which a generator would learn first.
 * @throws UnreadableImageError, ImageTooLargeError as `decodeRgb`
 */
export async function fitSquareRgb(
  photo: Uint8Array | RgbImage,
  options: FitOptions,
): Promise<RgbImage> {
  const { sizePx, maxPixels } = options;
  const limits = maxPixels === undefined ? {} : { maxPixels };
  // Four times the side keeps the reduction sharp and lets JPEGs be decoded small.
  const image =
    photo instanceof Uint8Array
      ? await decodeRgb(photo, { ...limits, maxSidePx: sizePx * 4 })
      : photo;
  const raw = { width: image.width, height: image.height, channels: 3 as const };
  const { data, info } = await sharp(image.data, { raw })
    .resize(containedSize(image, sizePx))
    .raw()
    .toBuffer({ resolveWithObject: true });
  return padToSquare({ width: info.width, height: info.height, data }, sizePx);
}

function containedSize({ width, height }: RgbImage, sizePx: number) {
  const scale = sizePx / Math.max(width, height);
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
    fit: 'fill' as const,
  };
}

/** Continues the rim outwards: a pixel d px outside is the mean of the rim's pixels within d px of its place. */
export function padToSquare(image: RgbImage, sizePx: number): RgbImage {
  if (image.width === sizePx && image.height === sizePx) return image;
  const left = Math.floor((sizePx - image.width) / 2);
  const top = Math.floor((sizePx - image.height) / 2);
  const data = new Uint8Array(sizePx * sizePx * 3);
  for (let y = 0; y < sizePx; y++) {
    for (let x = 0; x < sizePx; x++) {
      for (let channel = 0; channel < 3; channel++) {
        data[(y * sizePx + x) * 3 + channel] = continuedPixel(image, x - left, y - top, channel);
      }
    }
  }
  return { width: sizePx, height: sizePx, data };
}

function continuedPixel(image: RgbImage, x: number, y: number, channel: number): number {
  const { width, height, data } = image;
  const nearX = Math.min(width - 1, Math.max(0, x));
  const nearY = Math.min(height - 1, Math.max(0, y));
  const outX = Math.abs(x - nearX);
  const outY = Math.abs(y - nearY);
  if (outX + outY === 0) return data[(nearY * width + nearX) * 3 + channel] as number;
  let sum = 0;
  let count = 0;
  for (let j = Math.max(0, nearY - outX); j <= Math.min(height - 1, nearY + outX); j++) {
    for (let i = Math.max(0, nearX - outY); i <= Math.min(width - 1, nearX + outY); i++) {
      sum += data[(j * width + i) * 3 + channel] as number;
      count++;
    }
  }
  return Math.round(sum / count);
}
