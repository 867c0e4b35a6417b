import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, test } from '@jest/globals';
import type { Tensor } from '@tensorflow/tfjs-core';
import { batchNormalization, type HostTensor, tf } from '../../src/index.ts';
import { lowerNormalization } from '../../src/passes/lower-normalization.ts';
import { pushTransposes } from '../../src/passes/push-transposes.ts';
import {
  compare,
  draw,
  errorBetween,
  type Fn,
  finiteDifferenceError,
  gradientOf,
  runEagerly,
} from '../parity.ts';
import { graphOf, runGraphOf } from '../run-graph.ts';

const normalize: Fn = (x, scale, offset) =>
  batchNormalization(x as Tensor, scale as Tensor, offset as Tensor).y;

const parameters = (channels: number) => [draw([channels], 2), draw([channels], 3)];

describe('batch normalization in training', () => {
  test.each([[[8, 3]], [[4, 5, 3]], [[3, 4, 2, 3]]])(
    'of shape %j equals its formula, with its gradient',
    async (shape) => {
      const inputs = [draw(shape, 1), ...parameters(shape.at(-1) as number)];
      expect((await compare(normalize, inputs)).error).toBeLessThan(2e-6);
      expect((await compare(gradientOf(normalize), inputs)).error).toBeLessThan(2e-5);
      expect(await finiteDifferenceError(normalize, inputs)).toBeLessThan(2e-2);
    },
  );

  test.each([
    ['NCHW', [0, 3, 1, 2], [0, 2, 3, 1]],
    ['CHWN', [3, 1, 2, 0], [3, 1, 2, 0]],
  ])('is the same in the layout %s', async (_name, there, back) => {
    const turned: Fn = (x, scale, offset) =>
      normalize(tf.transpose(x as Tensor, back), scale as Tensor, offset as Tensor);
    const [image, ...rest] = [draw([3, 4, 2, 5], 1), ...parameters(5)] as [HostTensor, HostTensor];
    const perm = there.map((axis) => image.shape[axis] as number);
    const inputs = [{ ...image, shape: perm }, ...rest];
    for (const fn of [turned, gradientOf(turned)]) {
      const graph = lowerNormalization(pushTransposes(graphOf(fn, inputs)));
      const run = await runGraphOf(graph, inputs);
      const ours = await run.run();
      await run.dispose();
      expect(errorBetween(ours, await runEagerly(fn, inputs))).toBeLessThan(2e-5);
    }
  });

  test('keeps its digits where the mean is a thousand deviations', async () => {
    const { shape, data } = draw([64, 4, 4, 1], 4);
    const x = { shape, dtype: 'float32' as const, data: data.map((v) => 1000 + Number(v)) };
    const values = Array.from(x.data as Float32Array);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
    const fn: Fn = (image) => batchNormalization(image as Tensor, tf.ones([1]), tf.zeros([1])).y;
    const run = await runGraphOf(lowerNormalization(graphOf(fn, [x])), [x]);
    const [y] = await run.run();
    await run.dispose();
    for (const [i, value] of values.entries()) {
      expect(y?.data[i]).toBeCloseTo((value - mean) / Math.sqrt(variance + 1e-5), 3);
    }
  });
});
