import { createRandom } from '@deepstyle/engine';
import { describe, expect, test } from '@jest/globals';
import { allAnchors } from '../src/model/anchors.ts';
import {
  anchorTargets,
  createBatches,
  type ExampleSource,
  mirrored,
  type TrainingExample,
} from '../src/training/batches.ts';
import { tinyHyperparameters } from './tiny-hyperparameters.ts';

const SIDE = 64;
const PIXELS = SIDE * SIDE * 3;
const hyperparameters = tinyHyperparameters();

/** An example whose every byte is its number. */
function example(
  number: number,
  boxes: number[] = [8, 8, 40, 40],
  labels: number[] = [1],
): TrainingExample {
  return {
    image: new Uint8Array(PIXELS).fill(number),
    boxes: Float32Array.from(boxes),
    labels: Int32Array.from(labels),
  };
}

function sourceOf(examples: readonly TrainingExample[]): ExampleSource {
  return { count: examples.length, load: (index) => examples[index] as TrainingExample };
}

/** Which examples a batch shows. */
function shownIn(batch: Record<string, Float32Array | Int32Array>): number[] {
  const images = batch['images'] as Float32Array;
  return [0, 1].map((i) => Math.round(((images[i * PIXELS] as number) + 1) * 127.5));
}

describe('batches', () => {
  const source = sourceOf([10, 20, 30, 40, 50].map((number) => example(number)));

  test('show every example once before one comes again', async () => {
    const batches = createBatches(source, hyperparameters);
    const shown = await Promise.all(
      [0, 1, 2, 3, 4].map(async (step) => shownIn(await batches(step))),
    );
    const order = shown.flat();
    expect([...order.slice(0, 5)].sort()).toEqual([10, 20, 30, 40, 50]);
    expect([...order.slice(5)].sort()).toEqual([10, 20, 30, 40, 50]);
    expect(order.slice(0, 5)).not.toEqual(order.slice(5));
  });

  test('follow from seed and step alone', async () => {
    const seeded = (seed: number) => createBatches(source, { ...hyperparameters, seed })(3);
    expect(await seeded(1)).toEqual(await seeded(1));
    expect((await seeded(1))['noise']).not.toEqual((await seeded(2))['noise']);
  });

  test('are in the range of the network', async () => {
    const extremes = sourceOf([example(0), example(255)]);
    const images = (await createBatches(extremes, hyperparameters)(0))['images'] as Float32Array;
    expect([...new Set(images)].sort((a, b) => a - b)).toEqual([-1, 1]);
  });

  test('hold truths first and 0 behind them', async () => {
    const batch = await createBatches(sourceOf([example(1), example(1)]), hyperparameters)(0);
    const labels = Array.from(batch['truthLabels'] as Int32Array);
    expect(labels.slice(0, 3)).toEqual([1, 0, 0]);
  });

  test.each([
    ['without extent', example(1, [8, 8, 8.5, 40]), /box 8,8,8.5,40 is empty or outside/],
    ['outside of its image', example(1, [8, 8, 70, 40]), /empty or outside/],
    [
      'of a category that is not known',
      example(1, [8, 8, 40, 40], [3]),
      /label 3 is not in 1 .. 2/,
    ],
    ['without its label', example(1, [8, 8, 40, 40], []), /1 boxes, 0 labels/],
  ])('refuse a box %s', async (_, bad, message) => {
    await expect(createBatches(sourceOf([bad]), hyperparameters)(0)).rejects.toThrow(message);
  });

  test('refuse an image of another size', async () => {
    const small = { ...example(1), image: new Uint8Array(12) };
    const batches = createBatches(sourceOf([small]), hyperparameters);
    await expect(batches(0)).rejects.toThrow(/12 bytes, not 64 x 64 x 3/);
  });

  test('need an example', () => {
    expect(() => createBatches(sourceOf([]), hyperparameters)).toThrow(/no example/);
  });
});

test('a mirror turns image and boxes, twice back to where they were', () => {
  const image = Uint8Array.from({ length: PIXELS }, (_, i) => (i * 7) % 251);
  const given = { ...example(0, [3, 5, 20, 30]), image };
  const turned = mirrored(given, SIDE);
  expect([...turned.boxes]).toEqual([44, 5, 61, 30]);
  // The last pixel of the first row becomes the first.
  expect([...turned.image.subarray(0, 3)]).toEqual([...image.subarray(189, 192)]);
  expect(mirrored(turned, SIDE)).toEqual(given);
});

describe('targets of the anchors', () => {
  const anchors = allAnchors(
    hyperparameters.architecture.image,
    hyperparameters.architecture.anchors,
  );
  const targetsOf = (boxes: number[]) =>
    anchorTargets(anchors, Float32Array.from(boxes), hyperparameters, createRandom(1));

  test('name the anchor that is the truth itself, with nothing to correct', () => {
    const truth = 100;
    const { labels, used, deltas } = targetsOf([...anchors.subarray(truth * 4, truth * 4 + 4)]);
    expect([labels[truth], used[truth]]).toEqual([1, 1]);
    expect([...deltas.subarray(truth * 4, truth * 4 + 4)]).toEqual([0, 0, 0, 0]);
  });

  test('without a truth are background only, as many as are sampled', () => {
    const { labels, used } = targetsOf([]);
    expect(labels.every((label) => label === 0)).toBe(true);
    expect(used.filter((one) => one === 1)).toHaveLength(
      Math.min(hyperparameters.anchorSample, anchors.length / 4),
    );
  });
});
