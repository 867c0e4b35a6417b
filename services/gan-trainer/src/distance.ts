/** How far generated images are from real ones, in the feature space `pixel-8`: pure. */
import { type Features, kernelInceptionDistance, pixel8Features } from '@deepstyle/vision';
import { IMAGE_SIZE } from './model/generator.ts';
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

export interface Neighbour {
  /** Row of the set. */
  readonly row: number;
  /** Euclidean. */
  readonly distance: number;
}

/** The rows of `set` nearest to row `row` of `queries`, nearest first. */
export function nearestRows(
  queries: Features,
  row: number,
  set: Features,
  count: number,
): Neighbour[] {
  const nearest: Neighbour[] = [];
  for (let candidate = 0; candidate < set.count; candidate++) {
    const distance = squaredDistance(queries, row, set, candidate);
    const last = nearest.at(-1);
    if (nearest.length === count && last !== undefined && distance >= last.distance) continue;
    const at = nearest.findIndex((other) => distance < other.distance);
    nearest.splice(at === -1 ? nearest.length : at, 0, { row: candidate, distance });
    if (nearest.length > count) nearest.pop();
  }
  return nearest.map((found) => ({ row: found.row, distance: Math.sqrt(found.distance) }));
}

function squaredDistance(one: Features, row: number, other: Features, candidate: number): number {
  const { dimension } = one;
  const from = row * dimension;
  const start = candidate * dimension;
  let sum = 0;
  for (let column = 0; column < dimension; column++) {
    const difference = (one.values[from + column] ?? 0) - (other.values[start + column] ?? 0);
    sum += difference * difference;
  }
  return sum;
}
