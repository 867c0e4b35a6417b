import type { tf } from '@deepstyle/engine';
import { expect, test } from '@jest/globals';
import { smoothL1 } from '../../src/model/losses.ts';
import { pairwiseIou } from '../../src/model/roi-heads.ts';
import { floats, runGraph } from './run-graph.ts';
import { distance, torchvision } from './torchvision.ts';

test('smooth L1 equals PyTorch’s, at 0 and at its knee too', async () => {
  const { differences, losses } = torchvision.smoothL1;
  const { own } = await runGraph(({ d }) => ({ own: smoothL1(d as tf.Tensor) }), {
    d: floats([differences.length], differences),
  });
  expect(distance(own ?? [], losses)).toBeLessThan(1e-6);
});

test('IoU of pairs: the same box, half of it, none of it, and a box without extent', async () => {
  const one = floats([1, 2, 4], [0, 0, 10, 10, 20, 20, 30, 30]);
  const other = floats([1, 3, 4], [0, 0, 10, 10, 0, 0, 10, 5, 0, 0, 0, 0]);
  const { iou } = await runGraph(
    ({ a, b }) => ({ iou: pairwiseIou(a as tf.Tensor3D, b as tf.Tensor3D) }),
    { a: one, b: other },
  );
  expect(iou).toEqual([1, 0.5, 0, 0, 0, 0]);
});
