/** A dataset of red and blue boxes on grey, so small and plain that a network of a few channels learns from it. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { datasetV1, PhotoReference } from '@deepstyle/contracts';
import type { ObjectReference, ObjectStore } from '@deepstyle/storage';
import sharp from 'sharp';

const SIDE = 64;
const CATEGORIES = [
  { id: 3, name: 'dress', type: 'full' },
  { id: 7, name: 'shirt', type: 'upper' },
] as const;
const COLORS = [
  [200, 40, 40],
  [40, 40, 200],
] as const;

interface DrawnImage {
  readonly png: Uint8Array;
  /** Left, top, width, height. */
  readonly box: readonly [number, number, number, number];
  readonly category: 0 | 1;
}

/** Deterministic: the same number gives the same bytes. */
export async function drawImage(number: number): Promise<DrawnImage> {
  const category = (number % 2) as 0 | 1;
  const box = [4 + ((number * 7) % 20), 4 + ((number * 11) % 20), 20, 32] as const;
  const pixels = new Uint8Array(SIDE * SIDE * 3).fill(120 + (number % 16));
  const [left, top, width, height] = box;
  for (let y = top; y < top + height; y++) {
    for (let x = left; x < left + width; x++) {
      pixels.set(COLORS[category], (y * SIDE + x) * 3);
    }
  }
  const raw = { width: SIDE, height: SIDE, channels: 3 } as const;
  return { png: await sharp(pixels, { raw }).png().toBuffer(), box, category };
}

function sha256Of(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A stored photograph as its event names it. */
export async function storePhoto(
  objects: Pick<ObjectStore, 'put'>,
  bytes: Uint8Array,
): Promise<PhotoReference> {
  const id = sha256Of(bytes);
  const image = await objects.put(`photos/${id.slice(0, 2)}/${id}`, bytes, 'image/png');
  return { id, image, widthPx: SIDE, heightPx: SIDE, brand: null, category: null };
}

export interface DatasetOptions {
  readonly images: number;
  /** Of each image by its number; by default every fourth is for testing. */
  readonly split?: (number: number) => 'train' | 'val' | 'test' | null;
  /** Image whose stored bytes are no photograph. */
  readonly corrupt?: number;
  /** Image whose bytes are not stored. */
  readonly missing?: number;
}

const SPLITS = ['train', 'val', 'test'] as const;

/** Stores images and annotations as the dataset service does. */
export async function storeDataset(
  objects: Pick<ObjectStore, 'put'>,
  options: DatasetOptions,
): Promise<datasetV1.GetDatasetResponse> {
  const split = options.split ?? ((number) => (number % 4 === 3 ? 'test' : 'train'));
  const lines: object[] = [];
  for (let number = 0; number < options.images; number++) {
    const { png, box, category } = await drawImage(number);
    const bytes = number === options.corrupt ? new TextEncoder().encode('no photograph') : png;
    const object = number === options.missing ? null : await put(objects, bytes);
    const annotation = {
      id: number + 1,
      category_id: CATEGORIES[category].id,
      bbox: box,
      area: box[2] * box[3],
      iscrowd: 0,
    };
    lines.push({
      ...{ id: number + 1, file_name: `${number}.png`, width: SIDE, height: SIDE },
      ...{ split: split(number), object, annotations: [annotation] },
    });
  }
  const header = {
    ...{ format: 'deepstyle.dataset.v1', box_convention: 'exclusive', images: options.images },
    ...{ annotations: options.images, categories: CATEGORIES, attributes: [], keypoints: [] },
  };
  const text = [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
  const id = sha256Of(text);
  const key = `datasets/${id}.ndjson.gz`;
  const annotationsObject = await objects.put(key, gzipSync(text), 'application/gzip');
  const numbers = Array.from({ length: options.images }, (_, number) => split(number));
  const [train, val, test] = SPLITS.map((name) => numbers.filter((one) => one === name).length);
  return {
    ...{ datasetId: id, name: 'Boxes', images: options.images, annotations: options.images },
    categories: [...CATEGORIES],
    annotationsObject,
    splits: {
      ...{ train: train ?? 0, val: val ?? 0, test: test ?? 0 },
      none: numbers.filter((one) => one === null).length,
    },
    storedImages: options.images - (options.missing === undefined ? 0 : 1),
    boxConvention: 'exclusive',
  };
}

function put(objects: Pick<ObjectStore, 'put'>, bytes: Uint8Array): Promise<ObjectReference> {
  const sha256 = sha256Of(bytes);
  return objects.put(`datasets/images/${sha256}`, bytes, 'image/png');
}
