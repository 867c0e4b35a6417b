/** Shows and measures a generator on its way: images of the same latents each time. */
import { createHash } from 'node:crypto';
import { createRandom } from '@deepstyle/engine';
import { contentKey } from '@deepstyle/storage';
import type { EngineOptions } from '@deepstyle/training';
import { type Features, renderGrid } from '@deepstyle/vision';
import { distanceBetween, featuresOf } from '../distance.ts';
import { CALIBRATION_BATCH, compileGenerator } from '../model/evaluation.ts';
import { IMAGE_SIZE } from '../model/generator.ts';
import type { GeneratorWeights } from '../model/initialization.ts';
import type { Ports } from '../ports.ts';
import type { SampleRow } from '../records.ts';
import { IMAGE_VALUES } from './batches.ts';
import type { Hyperparameters } from './hyperparameters.ts';

/** Images of a sample grid, 8 x 8. */
const GRID_IMAGES = 64;
const GRID_COLUMNS = 8;
const GRID_GAP_PX = 2;

export interface Sampler {
  /** @returns images [N, 64, 64, 3] in [-1, 1], and how far they are from the garments held out */
  sample(
    generator: GeneratorWeights,
  ): Promise<{ readonly images: Float32Array; readonly distance: number }>;
  dispose(): Promise<void>;
}

/** Latents that statistics are measured over; the same for every checkpoint. [256, nz] */
export function calibrationLatents({ latentSize, seed }: Hyperparameters): Float32Array {
  return createRandom(`${seed}:calibration`).normal(CALIBRATION_BATCH * latentSize);
}

export async function createSampler(
  hyperparameters: Hyperparameters,
  heldOut: Features,
  options: EngineOptions,
): Promise<Sampler> {
  const { seed, latentSize } = hyperparameters;
  const network = await compileGenerator(hyperparameters, options);
  const calibration = calibrationLatents(hyperparameters);
  // As many images as are held out, where those are not fewer than a grid shows.
  const count = Math.max(GRID_IMAGES, heldOut.count);
  const latents = createRandom(`${seed}:samples`).normal(count * latentSize);
  return {
    async sample(generator) {
      const statistics = await network.calibrate(generator, calibration);
      const images = await network.run(generator, statistics, latents);
      return { images, distance: distanceBetween(heldOut, featuresOf(images)) };
    },
    dispose: () => network.dispose(),
  };
}

/** Stores the first images as a grid. */
export async function storeGrid(
  { objects }: Pick<Ports, 'objects'>,
  images: Float32Array,
  step: number,
): Promise<SampleRow> {
  const shown = images.subarray(0, GRID_IMAGES * IMAGE_VALUES);
  const png = await renderGrid(shown, {
    count: shown.length / IMAGE_VALUES,
    height: IMAGE_SIZE,
    width: IMAGE_SIZE,
    columns: GRID_COLUMNS,
    gapPx: GRID_GAP_PX,
  });
  const imageKey = contentKey('grids', createHash('sha256').update(png).digest('hex'));
  await objects.put(imageKey, png, 'image/png');
  const sidePx = GRID_COLUMNS * (IMAGE_SIZE + GRID_GAP_PX) - GRID_GAP_PX;
  return { step, imageKey, widthPx: sidePx, heightPx: sidePx };
}
