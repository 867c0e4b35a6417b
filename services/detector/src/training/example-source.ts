/** The images of a dataset as training examples: read, decoded and scaled as they are asked for. */
import { describeError, type Logger } from '@deepstyle/platform';
import type { ObjectStore } from '@deepstyle/storage';
import { DatasetNotTrainableError, UnreadablePhotoError } from '../errors.ts';
import type { ImageSize } from '../model/anchors.ts';
import { letterboxOf } from '../model/letterbox.ts';
import { networkImage } from '../network-image.ts';
import type { AnnotatedImage, Annotation } from './annotated-images.ts';
import type { ExampleSource, TrainingExample } from './batches.ts';

/** A shorter side, in px of the network's image, shows nothing. */
const MIN_SIDE_PX = 1;

export interface ExampleOptions {
  readonly network: ImageSize;
  /** G */
  readonly maxTruths: number;
  /** Category id of the dataset -> place, from 0. */
  readonly places: ReadonlyMap<number, number>;
  /** Decoded images that are kept. */
  readonly cacheBytes: number;
  readonly maxPixels: number;
}

/**
 * Loads examples by place. An image that cannot be decoded is logged once and stands for the next one that can, so that the
 * same place always gives the same example.
 */
export function createExampleSource(
  ports: { readonly objects: Pick<ObjectStore, 'get'>; readonly logger: Logger },
  images: readonly AnnotatedImage[],
  options: ExampleOptions,
): ExampleSource {
  const unreadable = new Set<number>();
  const cache = new Map<number, TrainingExample>();
  let cachedBytes = 0;

  async function read(place: number): Promise<TrainingExample | null> {
    const cached = cache.get(place);
    if (cached !== undefined) return cached;
    if (unreadable.has(place)) return null;
    const image = images[place] as AnnotatedImage;
    const bytes = await ports.objects.get(image.objectKey);
    try {
      const example = await exampleOf(image, bytes, options);
      keep(place, example);
      return example;
    } catch (error) {
      if (!(error instanceof UnreadablePhotoError)) throw error;
      unreadable.add(place);
      const fields = { image: image.fileName, reason: describeError(error) };
      ports.logger.warn(fields, 'an image of the dataset cannot be decoded and is left out');
      return null;
    }
  }

  /** Every image is seen as often as any other, so the first that fit are as good as the last. */
  function keep(place: number, example: TrainingExample): void {
    if (cachedBytes + example.image.length > options.cacheBytes || cache.has(place)) return;
    cachedBytes += example.image.length;
    cache.set(place, example);
  }

  return {
    count: images.length,
    async load(index) {
      for (let offset = 0; offset < images.length; offset += 1) {
        const example = await read((index + offset) % images.length);
        if (example !== null) return example;
      }
      throw new DatasetNotTrainableError('at hand', 'none of its images can be decoded.');
    },
  };
}

async function exampleOf(
  image: AnnotatedImage,
  bytes: Uint8Array,
  options: ExampleOptions,
): Promise<TrainingExample> {
  const { network, maxPixels } = options;
  const { image: pixels, photo } = await networkImage(bytes, network, maxPixels);
  const { scaled } = letterboxOf(photo, network);
  // The annotations are in pixels of the size that the dataset states, which need not be that of the stored bytes.
  const scale = { x: scaled.width / image.width, y: scaled.height / image.height };
  const truths = image.annotations.flatMap((one) => truthOf(one, scale, scaled, options));
  const largest = truths.sort((a, b) => areaOf(b.box) - areaOf(a.box)).slice(0, options.maxTruths);
  return {
    image: pixels,
    boxes: Float32Array.from(largest.flatMap(({ box }) => box)),
    labels: Int32Array.from(largest, ({ label }) => label),
  };
}

type Corners = readonly [number, number, number, number];

interface Truth {
  readonly box: Corners;
  readonly label: number;
}

/** None for a crowd, an unknown category, or a box of which nothing is left. */
function truthOf(
  { box: [left, top, width, height], categoryId, isCrowd }: Annotation,
  scale: { readonly x: number; readonly y: number },
  scaled: ImageSize,
  { places }: ExampleOptions,
): Truth[] {
  const place = places.get(categoryId);
  if (place === undefined || isCrowd) return [];
  const across = (x: number) => Math.fround(Math.min(scaled.width, Math.max(0, x * scale.x)));
  const down = (y: number) => Math.fround(Math.min(scaled.height, Math.max(0, y * scale.y)));
  const box: Corners = [across(left), down(top), across(left + width), down(top + height)];
  const isVisible = box[2] - box[0] >= MIN_SIDE_PX && box[3] - box[1] >= MIN_SIDE_PX;
  return isVisible ? [{ box, label: place + 1 }] : [];
}

function areaOf([left, top, right, bottom]: Corners): number {
  return (right - left) * (bottom - top);
}
