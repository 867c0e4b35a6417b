import { DEFAULT_MAX_PIXELS } from '@deepstyle/vision';
import sharp from 'sharp';
import { UnreadablePhotoError } from './errors.ts';
import type { ImageSize } from './model/anchors.ts';
import type { NetworkImage } from './model/inference.ts';
import { letterboxOf } from './model/letterbox.ts';

const WHITE = '#ffffff';
/** 0 in the network's range. */
const GREY = { r: 128, g: 128, b: 128 };

/**
 * A photograph as the network sees it: upright, opaque sRGB, scaled into the image of the network.
 *
 * @throws UnreadablePhotoError where the bytes are no photograph, are cut short or hold more than `maxPixels`
 */
export async function networkImage(
  bytes: Uint8Array,
  network: ImageSize,
  maxPixels = DEFAULT_MAX_PIXELS,
): Promise<NetworkImage> {
  try {
    const pipeline = sharp(bytes, { failOn: 'error', limitInputPixels: maxPixels });
    const { autoOrient: photo } = await pipeline.metadata();
    const { scaled } = letterboxOf(photo, network);
    const { data, info } = await pipeline
      .autoOrient()
      .flatten({ background: WHITE })
      .toColourspace('srgb')
      .removeAlpha()
      .resize({ ...scaled, fit: 'fill' })
      .extend({
        right: network.width - scaled.width,
        bottom: network.height - scaled.height,
        background: GREY,
      })
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { image: withThreeChannels(data, info.channels), photo };
  } catch (error) {
    // Whatever sharp throws here speaks of the bytes.
    throw new UnreadablePhotoError(error);
  }
}

/** Grey photographs come with one channel. */
function withThreeChannels(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return data;
  const rgb = new Uint8Array((data.length / channels) * 3);
  for (let i = 0; i * channels < data.length; i++) {
    rgb.fill(data[i * channels] as number, i * 3, i * 3 + 3);
  }
  return rgb;
}
