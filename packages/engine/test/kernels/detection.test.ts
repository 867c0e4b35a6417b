import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, test } from '@jest/globals';
import type { Tensor } from '@tensorflow/tfjs-core';
import { compileFunction, createRandom, tf } from '../../src/index.ts';
import { compare, float32 } from '../parity.ts';

/** `count` boxes whose sides are 10 to 40 in a field of 100, so that many overlap. */
function drawBoxes(count: number, seed: number) {
  const random = createRandom(seed);
  const rows = Array.from({ length: count }, () => {
    const [y = 0, x = 0] = random.uniform(2, 0, 60);
    const [height = 0, width = 0] = random.uniform(2, 10, 40);
    return [y, x, y + height, x + width];
  });
  return float32([count, 4], rows.flat());
}

const padded =
  (size: number, iou: number, score: number) =>
  (boxes: Tensor, scores: Tensor): Tensor[] => {
    const result = tf.image.nonMaxSuppressionPadded(
      boxes as never,
      scores as never,
      size,
      iou,
      score,
      true,
    );
    return [result.selectedIndices as Tensor, result.validOutputs as Tensor];
  };

describe('non-maximum suppression through ONNX', () => {
  test.each([
    ['more survivors than places', 5, 0.5, -1],
    ['fewer survivors than places', 60, 0.3, -1],
    ['a score threshold', 20, 0.5, 0.4],
    ['no box above the threshold', 8, 0.5, 2],
  ])('with %s equals eager tfjs', async (_name, size, iou, score) => {
    const scores = float32([60], Array.from(createRandom(3).uniform(60)));
    const fn = padded(size, iou, score) as never;
    const { shapes, error } = await compare(fn, [drawBoxes(60, 7), scores]);
    expect(shapes.graph).toBe(shapes.reference);
    expect(error).toBe(0);
  });

  test('a graph that goes on with the selection has static shapes', async () => {
    const compiled = await compileFunction(
      (_params, { boxes, scores }) => {
        const [indices, valid] = padded(3, 0.5, -1)(boxes, scores) as [Tensor, Tensor];
        const mask = tf.less(tf.range(0, 3, 1, 'int32'), valid);
        const kept = tf.gather(boxes, indices as never);
        return { kept: tf.mul(kept, tf.expandDims(tf.cast(mask, 'float32'), 1)) };
      },
      {
        params: {},
        inputs: {
          boxes: { shape: [3, 4], dtype: 'float32' as const },
          scores: { shape: [3], dtype: 'float32' as const },
        },
      },
      { inProcess: true, threads: 2 },
    );
    // The second box is nearly the first.
    const boxes = Float32Array.of(0, 0, 10, 10, 0, 1, 10, 11, 20, 20, 30, 30);
    const { kept } = await compiled.run({ boxes, scores: Float32Array.of(0.5, 0.9, 0.7) });
    await compiled.dispose();
    const rows = [0, 1, 10, 11, 20, 20, 30, 30, ...Array.from({ length: 4 }, () => 0)];
    expect(Array.from(kept?.data ?? [])).toEqual(rows);
  });
});
