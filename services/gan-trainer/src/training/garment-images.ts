import { describeError } from '@deepstyle/platform';
import { fitSquareRgb } from '@deepstyle/vision';
import { IMAGE_SIZE } from '../model/generator.ts';
import type { Ports } from '../ports.ts';
import type { ManifestGarment } from '../records.ts';
import { IMAGE_VALUES, type ImageSet } from './batches.ts';

/** Crops read and decoded at once: decoding has its own threads, and reading waits for the network. */
const CONCURRENCY = 8;

/** The garments that could be read, in the order given, and their images. */
export interface GarmentImages {
  readonly garments: readonly ManifestGarment[];
  readonly images: ImageSet;
  /** Garments whose crop is no readable image. */
  readonly unreadable: number;
}

/**
 * Reads each crop once and scales it to 64x64. A crop that cannot be decoded is left out; a store that does not answer
 * throws.
 */
export async function loadGarmentImages(
  ports: Pick<Ports, 'objects' | 'logger'>,
  garments: readonly ManifestGarment[],
  signal: AbortSignal,
): Promise<GarmentImages> {
  const data = new Uint8Array(garments.length * IMAGE_VALUES);
  const readable = new Array<boolean>(garments.length).fill(false);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < garments.length; index = next++) {
      signal.throwIfAborted();
      const garment = garments[index];
      if (garment === undefined) return;
      const bytes = await ports.objects.get(garment.imageKey);
      const image = await decode(ports, garment, bytes);
      if (image === null) continue;
      data.set(image, index * IMAGE_VALUES);
      readable[index] = true;
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return compact(garments, data, readable);
}

async function decode(
  { logger }: Pick<Ports, 'logger'>,
  garment: ManifestGarment,
  bytes: Uint8Array,
): Promise<Uint8Array | null> {
  try {
    return (await fitSquareRgb(bytes, { sizePx: IMAGE_SIZE })).data;
  } catch (error) {
    // The first line is enough: there may be thousands.
    const reason = describeError(error);
    logger.warn({ garment: garment.id, reason }, 'a garment is no readable image and is left out');
    return null;
  }
}

function compact(
  garments: readonly ManifestGarment[],
  data: Uint8Array,
  readable: readonly boolean[],
): GarmentImages {
  const kept = garments.filter((_, index) => readable[index]);
  let count = 0;
  for (const [index, isReadable] of readable.entries()) {
    if (!isReadable) continue;
    data.copyWithin(count * IMAGE_VALUES, index * IMAGE_VALUES, (index + 1) * IMAGE_VALUES);
    count += 1;
  }
  return {
    garments: kept,
    images: { count, data: data.subarray(0, count * IMAGE_VALUES) },
    unreadable: garments.length - count,
  };
}
