import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  InferenceCache,
  ReadyModel,
} from '../../services/detector/src/detection/inference-cache.ts';
import type { NetworkImage } from '../../services/detector/src/model/inference.ts';
import { hyperparametersFor } from '../../services/detector/src/training/hyperparameters.ts';

/**
 * Time that the network takes for an image. A large Faster R-CNN takes about as long, or longer, on one GPU of a data
 * centre; a faster network leaves less room for whatever else a worker does, and so is harder to share.
 */
export const MS_PER_IMAGE = 20;

const { architecture } = hyperparametersFor(
  { categories: 1, images: 1, steps: 1, maxSeconds: null, seed: 1 },
  { imageWidthPx: 192, imageHeightPx: 256, width: 16, batchSize: 8 },
);
const CATEGORIES: ReadyModel['categories'] = [{ name: 'dress', type: 'full' }];

/**
 * A network on an accelerator of this worker's own: a fixed time for each image, during which the processor is free, and one
 * garment in each. Two workers on one machine so do not compete for its cores, as they would not with two GPUs.
 *
 * @param look is told of each call: the SHA-256 of each image, as the network sees it
 */
export function simulatedNetwork(look: (images: readonly string[]) => void): InferenceCache {
  const inference: ReadyModel['inference'] = {
    detect: async (images) => {
      look(images.map(({ image }) => createHash('sha256').update(image).digest('hex')));
      await sleep(images.length * MS_PER_IMAGE);
      return images.map(({ photo }: NetworkImage) => {
        const box = [0, 0, photo.width / 2, photo.height / 2] as const;
        return [{ box, category: 0, score: 0.9 }];
      });
    },
    dispose: async () => {},
  };
  return {
    use: (_modelId, work) => work({ architecture, categories: CATEGORIES, inference }),
    close: async () => {},
  };
}
