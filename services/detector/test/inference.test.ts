import { createRandom } from '@deepstyle/engine';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { foldStatistics } from '../src/model/faster-rcnn.ts';
import { createInference, type Inference, type NetworkImage } from '../src/model/inference.ts';
import { networkImage } from '../src/network-image.ts';
import { INFERENCE_PROPOSALS } from '../src/training/hyperparameters.ts';
import { initialState } from '../src/training/step.ts';
import { drawImage } from './drawn-dataset.ts';
import { tinyHyperparameters } from './tiny-hyperparameters.ts';

const { architecture } = tinyHyperparameters();
const state = initialState(createRandom(1), tinyHyperparameters());
const model = { architecture, weights: foldStatistics(state.weights, state.statistics) };
/** Of random weights whatever they say is good enough here. */
const postprocess = { minScore: 0, nmsIou: 0.5, maxDetections: 100 };

let inference: Inference;
let images: NetworkImage[];

beforeAll(async () => {
  inference = await createInference(model, {
    ...{ proposals: INFERENCE_PROPOSALS, postprocess, batchSize: 3 },
    engine: { inProcess: true, threads: 2 },
  });
  images = await Promise.all(
    Array.from({ length: 7 }, async (_, i) =>
      networkImage((await drawImage(i)).png, architecture.image),
    ),
  );
}, 60_000);
afterAll(() => inference.dispose());

describe('inference', () => {
  test('finds something in every image, in whatever batches they come', async () => {
    const found = await inference.detect(images);
    expect(found).toHaveLength(7);
    for (const detections of found) expect(detections.length).toBeGreaterThan(0);
  });

  test('gives an image the same detections, bit for bit, alone and beside any others', async () => {
    const together = await inference.detect(images);
    const alone = [];
    for (const image of images) alone.push(...(await inference.detect([image])));
    const backwards = (await inference.detect([...images].reverse())).reverse();
    expect(alone).toEqual(together);
    expect(backwards).toEqual(together);
  });

  test('needs images of its size', async () => {
    const small = { image: new Uint8Array(3), photo: { width: 1, height: 1 } };
    await expect(inference.detect([small])).rejects.toThrow(/3 bytes, not 64 x 64 x 3/);
  });

  test('of nothing is nothing', async () => {
    expect(await inference.detect([])).toEqual([]);
  });
});
