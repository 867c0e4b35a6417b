import { ArrayShapeError } from './errors.ts';
import { type BatchShape, checkBatch } from './image-tensor.ts';

/** Rows of features: `values[row * dimension + column]`. */
export interface Features {
  /** [count, dimension]. */
  readonly values: Float32Array | Float64Array;
  readonly count: number;
  readonly dimension: number;
}

const CELLS = 8;
export const PIXEL8_DIMENSION = CELLS * CELLS * 3;

/**
 * The feature space `pixel8`: each image's mean RGB in 8 x 8 equal cells, [count, 192], values in [-1, 1] as the images
 * themselves (so that mid-gray is the origin of the kernels below). It sees layout and color, not texture: honest for
 * following one training, and comparable to no number that was computed on Inception features.
 * @param images [count, height, width, 3] in [-1, 1]; height and width multiples of 8
 */
export function pixel8Features(images: Float32Array, shape: BatchShape): Features {
  const { count, height, width } = shape;
  checkBatch('pixel8 features', images, shape);
  if (height % CELLS !== 0 || width % CELLS !== 0) {
    throw new ArrayShapeError('pixel8 features', 'sides divisible by 8', `${height} x ${width}`);
  }
  const cellHeight = height / CELLS;
  const cellWidth = width / CELLS;
  const values = new Float32Array(count * PIXEL8_DIMENSION);
  const area = cellHeight * cellWidth;
  for (let i = 0; i < images.length; i++) {
    const channel = i % 3;
    const pixel = (i - channel) / 3;
    const x = Math.floor((pixel % width) / cellWidth);
    const row = Math.floor(pixel / width);
    const y = Math.floor((row % height) / cellHeight);
    const n = Math.floor(row / height);
    const at = n * PIXEL8_DIMENSION + (y * CELLS + x) * 3 + channel;
    values[at] = (values[at] as number) + (images[i] as number) / area;
  }
  return { values, count, dimension: PIXEL8_DIMENSION };
}

/** @throws ArrayShapeError where the rows do not fit together or are fewer than `least` */
export function checkFeatures(what: string, one: Features, other: Features, least: number): void {
  for (const { values, count, dimension } of [one, other]) {
    if (values.length !== count * dimension || count < least) {
      throw new ArrayShapeError(
        what,
        `at least ${least} rows of ${dimension} values`,
        `${values.length} values for ${count} rows`,
      );
    }
  }
  if (one.dimension !== other.dimension) {
    throw new ArrayShapeError(what, `rows of ${one.dimension} values`, `${other.dimension}`);
  }
}
