/** How far generated images are from real ones, in the feature space `pixel-8`: pure. */
import {
  type Features,
  kernelInceptionDistance,
  nearestNeighbors,
  pixel8Features,
} from '@deepstyle/vision';
import { IMAGE_SIZE } from './model/generator.ts';
import type { NearestGarment } from './records.ts';
import { IMAGE_VALUES, type ImageSet, imagesAsFloats } from './training/batches.ts';

/** 8x8 mean-pooled RGB. */
export const FEATURE_SPACE = 'pixel-8';

/** Images turned to floats at once, so that a large set never stands in memory as floats. */
const CHUNK = 256;

/** Features of images [N, 64, 64, 3] in [-1, 1]. */
export function featuresOf(images: Float32Array): Features {
  return pixel8Features(images, {
    count: images.length / IMAGE_VALUES,
    height: IMAGE_SIZE,
    width: IMAGE_SIZE,
  });
}

/** Features of some images of a set, in the order of `indices`. */
export function featuresOfSet(images: ImageSet, indices: readonly number[]): Features {
  const parts: Features[] = [];
  for (let first = 0; first < indices.length; first += CHUNK) {
    parts.push(featuresOf(imagesAsFloats(images, indices.slice(first, first + CHUNK))));
  }
  const dimension = parts[0]?.dimension ?? 0;
  const values = new Float32Array(indices.length * dimension);
  for (const [index, part] of parts.entries()) values.set(part.values, index * CHUNK * dimension);
  return { values, count: indices.length, dimension };
}

/** KID (Binkowski et al. 2018), unbiased; about 0 for two samples of one distribution. */
export function distanceBetween(real: Features, generated: Features): number {
  return kernelInceptionDistance(real, generated).value;
}

/** The garments of a model that look most like generated images [N, 64, 64, 3]: for each image, nearest first. */
export function nearestGarments(
  images: Float32Array,
  model: { readonly features: Features; readonly garmentIds: readonly string[] },
  count: number,
): NearestGarment[][] {
  const { features, garmentIds } = model;
  const neighbors = nearestNeighbors(featuresOf(images), features, Math.min(count, features.count));
  return neighbors.map((nearest) =>
    nearest.map(({ index, distance }) => ({ garmentId: garmentIds[index] ?? '', distance })),
  );
}
