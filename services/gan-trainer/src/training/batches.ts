/**
 * What a step is fed: pure functions of the images, the hyperparameters and the step number. No generator's state has to
 * be saved: the numbers of a step are drawn from a seed that names the step.
 */
import { createRandom, type Random } from '@deepstyle/engine';
import type { Augmentation } from '../model/augmentation.ts';
import { IMAGE_SIZE } from '../model/generator.ts';
import type { Hyperparameters } from './hyperparameters.ts';

/** Numbers of one image: 64 x 64 x 3. */
export const IMAGE_VALUES = IMAGE_SIZE * IMAGE_SIZE * 3;

/** Images as bytes, one after another, [N, 64, 64, 3]: a quarter of the memory of floats. */
export interface ImageSet {
  readonly count: number;
  readonly data: Uint8Array;
}

export type Batch = {
  /** [N, 64, 64, 3] in [-1, 1]; each mirrored or not by the toss of a coin. */
  readonly real: Float32Array;
  /** [N, nz], standard normal: one for the discriminator's loss and the generator's. */
  readonly latents: Float32Array;
  /** How the discriminator sees the real images. */
  readonly onReal: AugmentationDraw;
  /** And the generated ones: the same in its own loss and in the generator's. */
  readonly onFake: AugmentationDraw;
};

/** What ../model/augmentation.ts is given, [N] each. */
export type AugmentationDraw = { readonly [Name in keyof Augmentation]: Float32Array };

/** Largest shift in pixels: an eighth of the side, as in the paper. */
const MAX_SHIFT = 8;
/** Less than the paper's 0.5: the exposure of photographs varies about this much. */
const MAX_BRIGHTNESS = 0.2;
/** Factors from 1 - 0.5 to 1 + 0.5. */
const MAX_FACTOR_CHANGE = 0.5;

/** @param strength of the changes of color, in [0, 1] */
function drawAugmentation(random: Random, count: number, strength: number): AugmentationDraw {
  const shifts = () =>
    Float32Array.from({ length: count }, () => random.integer(2 * MAX_SHIFT + 1) - MAX_SHIFT);
  const brightness = MAX_BRIGHTNESS * strength;
  const factor = MAX_FACTOR_CHANGE * strength;
  const factors = () => random.uniform(count, 1 - factor, 1 + factor);
  return {
    shiftX: shifts(),
    shiftY: shifts(),
    brightness: random.uniform(count, -brightness, brightness),
    saturation: factors(),
    contrast: factors(),
  };
}

export function batchAt(images: ImageSet, hyperparameters: Hyperparameters, step: number): Batch {
  const { batchSize, latentSize, seed, colorAugmentation } = hyperparameters;
  const random = createRandom(`${seed}:step:${step}`);
  const real = new Float32Array(batchSize * IMAGE_VALUES);
  for (const [index, image] of imagesAt(images.count, batchSize, seed, step).entries()) {
    const target = real.subarray(index * IMAGE_VALUES, (index + 1) * IMAGE_VALUES);
    const source = images.data.subarray(image * IMAGE_VALUES, (image + 1) * IMAGE_VALUES);
    copyImage(source, target, random.integer(2) === 1);
  }
  return {
    real,
    latents: random.normal(batchSize * latentSize),
    onReal: drawAugmentation(random, batchSize, colorAugmentation),
    onFake: drawAugmentation(random, batchSize, colorAugmentation),
  };
}

/** Which images a step sees: epoch after epoch, each in an order of its own, cut into batches across their borders. */
export function imagesAt(count: number, batchSize: number, seed: number, step: number): number[] {
  const chosen: number[] = [];
  let epoch = -1;
  let order: readonly number[] = [];
  for (let index = 0; index < batchSize; index++) {
    const position = step * batchSize + index;
    if (Math.floor(position / count) !== epoch) {
      epoch = Math.floor(position / count);
      order = epochOrder(count, seed, epoch);
    }
    chosen.push(order[position % count] ?? 0);
  }
  return chosen;
}

function epochOrder(count: number, seed: number, epoch: number): number[] {
  return createRandom(`${seed}:epoch:${epoch}`).shuffle(Array.from({ length: count }, (_, i) => i));
}

/** Bytes 0..255 to [-1, 1]; mirrored left to right where asked for. */
function copyImage(source: Uint8Array, target: Float32Array, mirrored: boolean): void {
  const row = IMAGE_SIZE * 3;
  for (let offset = 0; offset < IMAGE_VALUES; offset += 3) {
    const column = (offset % row) / 3;
    const from = mirrored ? offset + (IMAGE_SIZE - 1 - 2 * column) * 3 : offset;
    for (let channel = 0; channel < 3; channel++) {
      target[offset + channel] = toUnit(source[from + channel] ?? 0);
    }
  }
}

/** A byte in [-1, 1]. */
function toUnit(byte: number): number {
  return byte / 127.5 - 1;
}

/** Images chosen from a set, as floats [N, 64, 64, 3] in [-1, 1]. */
export function imagesAsFloats(images: ImageSet, indices: readonly number[]): Float32Array {
  const floats = new Float32Array(indices.length * IMAGE_VALUES);
  for (const [index, image] of indices.entries()) {
    const source = images.data.subarray(image * IMAGE_VALUES, (image + 1) * IMAGE_VALUES);
    copyImage(source, floats.subarray(index * IMAGE_VALUES, (index + 1) * IMAGE_VALUES), false);
  }
  return floats;
}

/** The images of some rows, in that order. */
export function subset(images: ImageSet, rows: readonly number[]): ImageSet {
  const data = new Uint8Array(rows.length * IMAGE_VALUES);
  for (const [index, row] of rows.entries()) {
    const source = images.data.subarray(row * IMAGE_VALUES, (row + 1) * IMAGE_VALUES);
    data.set(source, index * IMAGE_VALUES);
  }
  return { count: rows.length, data };
}

/** Garments that measure the model and are never trained on, where no setting says how many. */
const MAX_HELD_OUT = 500;
/** One in six where there are few. */
const HELD_OUT_SHARE = 1 / 6;
/** The distance is undefined on fewer than two. */
const MIN_HELD_OUT = 2;

/**
 * Splits garments (indices 0..count-1) into those trained on and those held out; the same for the same arguments.
 * @param wanted to hold out, at most half of them; 0: one in six, at most 500
 */
export function splitGarments(
  count: number,
  seed: number,
  wanted: number,
): { readonly train: number[]; readonly heldOut: number[] } {
  const share = Math.min(MAX_HELD_OUT, Math.floor(count * HELD_OUT_SHARE));
  const asked = wanted === 0 ? share : Math.min(wanted, Math.floor(count / 2));
  const held = Math.max(MIN_HELD_OUT, asked);
  const order = createRandom(`${seed}:split`).shuffle(Array.from({ length: count }, (_, i) => i));
  const ascending = (indices: number[]) => indices.sort((a, b) => a - b);
  return { train: ascending(order.slice(held)), heldOut: ascending(order.slice(0, held)) };
}
