import { type PhotoSource, rgbOf, withPhoto } from '@deepstyle/vision';
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
 * @throws UnreadablePhotoError where it is no photograph, is cut short or holds more than `maxPixels`
 */
export async function networkImage(
  source: PhotoSource,
  network: ImageSize,
  maxPixels?: number,
): Promise<NetworkImage> {
  try {
    return await withPhoto(source, { maxPixels }, async ({ header, decode }) => {
      const { autoOrient: photo } = header;
      const { scaled } = letterboxOf(photo, network);
      const { data, info } = await decode()
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
      return { image: rgbOf(data, info.channels), photo };
    });
  } catch (error) {
    // Whatever is thrown here speaks of the photograph.
    throw new UnreadablePhotoError(error);
  }
}
