import { createHash, randomUUID } from 'node:crypto';
import type { cropperV1, ganTrainerV1, RunReference } from '@deepstyle/contracts';
import type { ObjectStore } from '@deepstyle/storage';
import { encodeTensor } from '@deepstyle/vision';
import { drawn } from './drawn-numbers.ts';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

export function runOf(season: string, more: Partial<RunReference> = {}): RunReference {
  const gan = { steps: null, skip: false };
  return { id: randomUUID(), season, brand: null, detector: 'none', gan, ...more };
}

export interface DrawnGarment {
  readonly photo: string;
  readonly category?: string;
  readonly brand?: string;
  /** OKLab lightness of its one color. */
  readonly lightness?: number;
}

/** Garments as the cropper lists them, in pages of `pageSize`. */
export function garmentPages(
  run: RunReference,
  garments: readonly DrawnGarment[],
  pageSize = 20,
): cropperV1.ListGarmentsResponse[] {
  const all = garments.map((garment, index) => garmentOf(run, garment, index));
  const sorted = all.sort((a, b) => (a.id < b.id ? -1 : 1));
  return Array.from({ length: Math.ceil(all.length / pageSize) }, (_, page) => ({
    garments: sorted.slice(page * pageSize, (page + 1) * pageSize),
  }));
}

function garmentOf(
  run: RunReference,
  { photo, category = 'dress', brand = '', lightness = 0.5 }: DrawnGarment,
  index: number,
): cropperV1.Garment {
  const sha256 = hash(`crop ${photo} ${index}`);
  return {
    id: hash(`garment ${photo} ${run.detector} ${index}`),
    photoId: hash(photo),
    season: run.season,
    brand,
    category,
    categoryType: 'full',
    palette: [
      { lightness, a: 0, b: 0, share: 0.75 },
      { lightness: 0.95, a: 0, b: 0, share: 0.25 },
    ],
    image: { key: `garments/aa/${sha256}`, sha256, contentType: 'image/jpeg', bytes: 10 },
    widthPx: 60,
    heightPx: 80,
    createdAt: new Date(),
  };
}

/** A season of single-garment photographs with so many of each category. */
export function seasonOf(
  season: string,
  counts: Readonly<Record<string, number>>,
  brand = '',
): DrawnGarment[] {
  return Object.entries(counts).flatMap(([category, count]) =>
    Array.from({ length: count }, (_, index) => ({
      photo: `${season} ${brand} ${category} ${index}`,
      category,
      brand,
      lightness: category === 'coat' ? 0.2 : 0.6,
    })),
  );
}

const SIDE_PX = 8;

/** Designs as the trainer renders them: a picture of random patches for each, stored under `designs/`. */
export async function* drawnDesigns(
  objects: ObjectStore,
  { seed, count }: Pick<ganTrainerV1.GenerateDesignsRequest, 'seed' | 'count'>,
): AsyncIterable<ganTrainerV1.GenerateDesignsResponse> {
  for (let index = 0; index < count; index += 1) {
    const random = drawn(seed + index);
    const bytes = await encodeTensor(patches(random), SIDE_PX, SIDE_PX);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const image = await objects.put(`designs/${sha256.slice(0, 2)}/${sha256}`, bytes, 'image/png');
    yield {
      index,
      latent: Array.from({ length: 8 }, () => random() - 0.5),
      decoderVersion: 'drawn/1',
      image,
      sizePx: SIDE_PX,
      realism: random(),
      nearestGarments: [3, 4, 5].map((distance) => ({
        garmentId: hash(`garment ${distance}`),
        distance,
      })),
    };
  }
}

/** [8, 8, 3] in [-1, 1]. */
function patches(random: () => number): Float32Array {
  const colors = Array.from({ length: 16 }, () => [random(), random(), random()]);
  return Float32Array.from({ length: SIDE_PX * SIDE_PX * 3 }, (_, index) => {
    const pixel = Math.floor(index / 3);
    const [x, y] = [pixel % SIDE_PX, Math.floor(pixel / SIDE_PX)];
    return 2 * (colors[(y >> 1) * 4 + (x >> 1)]?.[index % 3] ?? 0) - 1;
  });
}
