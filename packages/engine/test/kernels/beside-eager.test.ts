/**
 * Kernels and gradients where tfjs's own cpu backend errs, against what NumPy, PyTorch and TensorFlow say. The
 * eager runtime must be right there, too, wherever the engine brings the gradient.
 */
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, test } from '@jest/globals';
import type { Tensor } from '@tensorflow/tfjs-core';
import { tf, valueAndGradients } from '../../src/index.ts';
import { type Fn, float32, gradientOf, runGraph } from '../parity.ts';

/** The gradient of sum(y * weights) in eager tfjs. */
async function eagerGradient(fn: Fn, x: Tensor, weights: Tensor): Promise<number[]> {
  const { gradients } = valueAndGradients(
    (p) => tf.sum(tf.mul(fn(p.x as Tensor) as Tensor, weights)),
    { x },
  );
  return Array.from(await (gradients as { x: Tensor }).x.data());
}

describe('where eager tfjs errs', () => {
  test('a strided slice with a dropped axis takes the elements that NumPy takes', async () => {
    const x = float32(
      [3, 7, 3],
      Array.from({ length: 63 }, (_, i) => i),
    );
    const fn: Fn = (t) =>
      tf.stridedSlice(t as Tensor, [1, 1, 0], [2, 6, 3], [1, 3, 2], 0, 0, 0, 0, 1);
    const { o0 } = await runGraph(fn, [x]);
    expect(o0?.shape).toEqual([2, 2]);
    // x[1, 1:6:3, 0:3:2]
    expect(Array.from(o0?.data ?? [])).toEqual([24, 26, 33, 35]);
    const gradient = (await runGraph(gradientOf(fn), [x])).o0?.data ?? [];
    const taken = Array.from(gradient).flatMap((value, i) => (value === 0 ? [] : [i]));
    expect(taken).toEqual([24, 26, 33, 35]);
  });

  test('average pooling shares a border gradient among the pixels that are there', async () => {
    await tf.setBackend('cpu');
    const fn: Fn = (x) => tf.avgPool(x as never, 2, 1, 'same');
    const gradient = await eagerGradient(fn, tf.zeros([1, 1, 3, 1]), tf.ones([1, 1, 3, 1]));
    // Windows {0, 1}, {1, 2} and, cut by the border, {2}.
    expect(gradient).toEqual([0.5, 1, 1.5]);
  });

  test('nearest resizing of a batch gives each image its own gradient', async () => {
    await tf.setBackend('cpu');
    const fn: Fn = (x) => tf.image.resizeNearestNeighbor(x as never, [1, 2]);
    const weights = tf.tensor([1, 2, 10, 20], [2, 1, 2, 1]);
    expect(await eagerGradient(fn, tf.zeros([2, 1, 1, 1]), weights)).toEqual([3, 30]);
  });

  test('bilinear resizing of an image that is not square has a gradient', async () => {
    await tf.setBackend('cpu');
    const fn: Fn = (x) => tf.image.resizeBilinear(x as never, [1, 3], true);
    const weights = tf.tensor([1, 2, 4], [1, 1, 3, 1]);
    // The middle pixel is the mean of both.
    expect(await eagerGradient(fn, tf.zeros([1, 1, 2, 1]), weights)).toEqual([2, 5]);
  });
});
