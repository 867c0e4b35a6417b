/** A network so small that its compilation is most of the time. */
import {
  type Hyperparameters,
  hyperparametersFor,
  type TrainingSize,
} from '../src/training/hyperparameters.ts';

export function tinyHyperparameters(change: Partial<TrainingSize> = {}): Hyperparameters {
  return hyperparametersFor(
    { categories: 2, images: 8, steps: 4, maxSeconds: null, seed: 1, ...change },
    { imageWidthPx: 64, imageHeightPx: 64, width: 2, batchSize: 2 },
  );
}

/** Settings of a service that trains such networks, in batches as small. */
export const TINY_SETTINGS = {
  DETECTOR_IMAGE_WIDTH_PX: '64',
  DETECTOR_IMAGE_HEIGHT_PX: '64',
  DETECTOR_WIDTH: '2',
  DETECTOR_BATCH_SIZE: '2',
  DETECTOR_THREADS: '1',
};
