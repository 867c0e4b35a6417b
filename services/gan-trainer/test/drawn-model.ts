import { createRandom, type HostTensor, type Tree } from '@deepstyle/engine';
import type { ModelFile } from '../src/model-file.ts';
import { hyperparametersFor } from '../src/training/hyperparameters.ts';
import { initialState } from '../src/training/step.ts';

/** Numbers of the feature space `pixel-8`. */
const PIXEL_8 = 192;

export const hyperparameters = hyperparametersFor(
  9,
  { width: 2, batchSize: 4, maxSeconds: 9, heldOut: 0 },
  5,
);
export const state = initialState(hyperparameters);

const statistics = (layers: Readonly<Record<string, number>>): Tree<HostTensor> =>
  Object.fromEntries(
    Object.entries(layers).map(([layer, channels]) => {
      const filled = (value: number): HostTensor => ({
        shape: [channels],
        dtype: 'float32',
        data: new Float32Array(channels).fill(value),
      });
      return [layer, { mean: filled(0), variance: filled(1) }];
    }),
  );

/** A model that has learned nothing. */
export const drawnModel: ModelFile = {
  generator: state.generator,
  generatorStatistics: statistics({ project: 16, up1: 8, up2: 4, up3: 2 }),
  discriminator: state.discriminator,
  discriminatorStatistics: statistics({ down2: 4, down3: 8, down4: 16 }),
  features: { values: createRandom(2).normal(2 * PIXEL_8), count: 2, dimension: PIXEL_8 },
  garmentIds: ['a', 'b'],
  latentSize: hyperparameters.latentSize,
  width: 2,
};
