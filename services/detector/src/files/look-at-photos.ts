/** Photographs on the disk, given to the network in groups. */
import { isOutOfFiles } from '@deepstyle/platform/errors';
import { UnreadablePhotoError } from '../errors.ts';
import type { Architecture } from '../model/faster-rcnn.ts';
import type { Inference, NetworkImage } from '../model/inference.ts';
import type { Detection } from '../model/postprocess.ts';
import { networkImage } from '../network-image.ts';
import type { ListedPhoto } from './list-photos.ts';

/** A photograph with what the network sees in it, or why it cannot be seen. */
export type Look =
  | {
      readonly photo: ListedPhoto;
      readonly size: NetworkImage['photo'];
      /** The most certain first. */
      readonly detections: readonly Detection[];
    }
  | { readonly photo: ListedPhoto; readonly problem: string };

export interface Looking {
  readonly inference: Inference;
  readonly network: Architecture['image'];
  readonly maxPixels: number;
}

/** As many as the network sees at once. */
const GROUP = 8;

/** In their order; while one group is worked on, the network looks at the next. @throws what the engine throws */
export async function* lookAtPhotos(
  looking: Looking,
  photos: readonly ListedPhoto[],
): AsyncGenerator<Look> {
  let next = lookAtGroup(looking, photos.slice(0, GROUP));
  try {
    for (let first = 0; first < photos.length; first += GROUP) {
      const looks = await next;
      next = lookAtGroup(looking, photos.slice(first + GROUP, first + 2 * GROUP));
      // Whether it failed is asked when its turn comes.
      next.catch(() => {});
      yield* looks;
    }
  } finally {
    // The network must not be put away under it.
    await next.catch(() => {});
  }
}

async function lookAtGroup(
  { inference, network, maxPixels }: Looking,
  photos: readonly ListedPhoto[],
): Promise<Look[]> {
  const read = await Promise.all(photos.map(({ path }) => readPhoto(path, network, maxPixels)));
  const images = read.filter((one): one is NetworkImage => typeof one !== 'string');
  const detected = await inference.detect(images);
  return photos.map((photo, i): Look => {
    const image = read[i] as NetworkImage | string;
    if (typeof image === 'string') return { photo, problem: image };
    return { photo, size: image.photo, detections: detected[images.indexOf(image)] ?? [] };
  });
}

/** The reason where it is none. */
async function readPhoto(
  path: string,
  network: Architecture['image'],
  maxPixels: number,
): Promise<NetworkImage | string> {
  try {
    return await networkImage(path, network, maxPixels);
  } catch (error) {
    // That too many files are open says nothing of the photograph.
    if (!(error instanceof UnreadablePhotoError) || isOutOfFiles(error)) throw error;
    return error.message;
  }
}
