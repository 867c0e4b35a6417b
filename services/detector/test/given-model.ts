import type { InferenceCache, ReadyModel } from '../src/detection/inference-cache.ts';
import type { Detection } from '../src/model/postprocess.ts';
import { tinyHyperparameters } from './tiny-hyperparameters.ts';

const { architecture } = tinyHyperparameters();
/** What such a model finds in a photograph. */
export const found: Detection = { box: [1.2, 2.2, 30.4, 40.4], category: 0, score: 0.75 };

/** A model that answers as it is told. */
export function modelThat(detect: ReadyModel['inference']['detect']): InferenceCache {
  const inference = { detect, dispose: async () => {} };
  const categories = [{ name: 'dress', type: 'full' }] as const;
  return {
    use: (_, work) => work({ architecture, categories, inference }),
    close: async () => {},
  };
}

/** A model that finds a dress in every photograph. */
export const good = modelThat(async (images) => images.map(() => [found]));
