import { describe, expect, test } from '@jest/globals';
import {
  batchAt,
  IMAGE_VALUES,
  type ImageSet,
  imagesAt,
  splitGarments,
} from '../src/training/batches.ts';
import { defaultSteps, hyperparametersFor, scalarsAt } from '../src/training/hyperparameters.ts';

const hyperparameters = hyperparametersFor(
  5,
  { width: 2, batchSize: 3, maxSeconds: 60, heldOut: 0 },
  100,
);

/** Image i is black with one bright pixel in its first row, at column i. */
function drawnSet(count: number): ImageSet {
  const data = new Uint8Array(count * IMAGE_VALUES);
  for (let i = 0; i < count; i++) data[i * IMAGE_VALUES + i * 3] = 255;
  return { count, data };
}

describe('images of a step', () => {
  test('show every image once an epoch, across the borders of batches', () => {
    const seen = [0, 1, 2, 3, 4].flatMap((step) => imagesAt(5, 3, 1, step));
    for (const epoch of [seen.slice(0, 5), seen.slice(5, 10), seen.slice(10)]) {
      expect(epoch.toSorted()).toEqual([0, 1, 2, 3, 4]);
    }
  });

  test('are in another order in another epoch', () => {
    const order = (epoch: number) => imagesAt(40, 40, 1, epoch).join();
    expect(order(0)).not.toBe(order(1));
  });

  test('fill a batch that is larger than the set', () => {
    expect(imagesAt(2, 5, 1, 0).filter((image) => image === 0).length).toBeGreaterThanOrEqual(2);
  });
});

describe('a batch', () => {
  test('is a function of the step alone', () => {
    const images = drawnSet(5);
    expect(batchAt(images, hyperparameters, 7)).toEqual(batchAt(images, hyperparameters, 7));
    expect(batchAt(images, hyperparameters, 7).latents).not.toEqual(
      batchAt(images, hyperparameters, 8).latents,
    );
  });

  test('holds each image as it is or mirrored, in [-1, 1]', () => {
    const sides = new Set<string>();
    for (let step = 0; step < 20; step++) {
      const { real } = batchAt(drawnSet(5), hyperparameters, step);
      const chosen = imagesAt(5, 3, hyperparameters.seed, step);
      for (const [row, image] of chosen.entries()) {
        const values = real.subarray(row * IMAGE_VALUES, (row + 1) * IMAGE_VALUES);
        const bright = values.indexOf(1);
        expect([image * 3, (63 - image) * 3]).toContain(bright);
        sides.add(bright === image * 3 ? 'plain' : 'mirrored');
        expect(Math.min(...values)).toBe(-1);
      }
    }
    expect(sides.size).toBe(2);
  });

  test('leaves colors alone in a short training, and changes them in a longer training', () => {
    const { onReal } = batchAt(drawnSet(5), hyperparameters, 0);
    expect([...onReal.saturation, ...onReal.contrast]).toEqual(Array(6).fill(1));
    expect([...onReal.brightness].every((value) => value === 0)).toBe(true);
    const longer = hyperparametersFor(5, { ...hyperparameters }, 2_000);
    const changed = batchAt(drawnSet(5), longer, 0).onReal;
    expect([...changed.saturation].every((value) => value !== 1)).toBe(true);
  });

  test('draws shifts that are whole and at most an eighth of the side', () => {
    const { onReal, onFake } = batchAt(drawnSet(5), { ...hyperparameters, batchSize: 200 }, 0);
    for (const shift of onReal.shiftX) expect(Number.isInteger(shift)).toBe(true);
    expect(Math.max(...onReal.shiftX.map(Math.abs))).toBe(8);
    expect(onReal.shiftX).not.toEqual(onFake.shiftX);
  });
});

describe('the split', () => {
  test.each([
    [16, 0, 2],
    [60, 0, 10],
    [3068, 0, 500],
    [3068, 700, 700],
    [90, 500, 45],
  ])(
    'of %i garments, asked for %i, holds out %i, none of which is trained on',
    (count, wanted, held) => {
      const { train, heldOut } = splitGarments(count, 1, wanted);
      expect(heldOut).toHaveLength(held);
      expect([...train, ...heldOut].sort((a, b) => a - b)).toEqual(
        Array.from({ length: count }, (_, index) => index),
      );
    },
  );
});

describe('schedules', () => {
  test('the rate is whole for the first half and then falls to nothing', () => {
    const rateAt = (step: number, steps: number | null) =>
      scalarsAt(step, steps, hyperparameters).rate;
    expect([0, 50, 75, 100].map((step) => rateAt(step, 100))).toEqual([1, 1, 0.5, 0]);
    expect(rateAt(5, null)).toBe(1);
  });

  test('the average forgets the untrained weights within a few steps', () => {
    const keptAt = (step: number) => scalarsAt(step, null, hyperparameters).keep;
    expect(keptAt(99)).toBe(0);
    expect(keptAt(100)).toBe(0.25);
    expect(keptAt(10_000)).toBe(hyperparameters.averageDecay);
  });

  test('steps grow with the garments, between bounds; the run may name its own', () => {
    expect(defaultSteps(16)).toBeLessThan(defaultSteps(1000));
    expect(defaultSteps(1_000_000)).toBe(defaultSteps(2_000_000));
    expect(hyperparameters.steps).toBe(100);
  });
});
