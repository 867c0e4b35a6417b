/** What a trace can read: values that no input decides, as tfjs computes them. */
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, test } from '@jest/globals';
import type { Tensor } from '@tensorflow/tfjs-core';
import { tf } from '../src/index.ts';
import { draw } from './parity.ts';
import { graphOf } from './run-graph.ts';

const whole = (...values: number[]) => tf.tensor1d(values, 'int32');

const CASES: readonly (readonly [string, () => Tensor])[] = [
  ['a constant', () => tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3])],
  ['a uniform constant', () => tf.fill([2, 2], 7)],
  ['a slice of a shape', () => tf.stridedSlice(whole(1, 48, 64, 3), [1], [4], [2])],
  ['an element of a shape', () => tf.stridedSlice(whole(1, 48, 64), [1], [2], [1], 0, 0, 0, 0, 1)],
  ['rows put together', () => tf.concat([whole(4), whole(5, 6), whole(7)])],
  ['numbers stacked', () => tf.stack([tf.scalar(3, 'int32'), tf.scalar(4, 'int32')])],
  ['a column beside another', () => tf.concat([tf.ones([2, 1]), tf.tensor2d([2, 3], [2, 1])], 1)],
  ['rows split', () => tf.unstack(tf.tensor2d([1, 2, 3, 4], [2, 2]))[1] as Tensor],
  [
    'sums and products that broadcast',
    () => tf.add(tf.mul(tf.tensor2d([1, 2], [2, 1]), whole(3, 4)), whole(1, 2)),
  ],
  [
    'whole quotients, of numbers below 0, too',
    () => tf.floorDiv(whole(7, -7, 7, -7, 6), whole(2, 2, -2, -2, 3)),
  ],
  ['quotients rounded to floats', () => tf.div(tf.scalar(1), tf.tensor1d([3, 7]))],
  ['a number cut to a whole one', () => tf.cast(tf.tensor1d([2.9, -2.9]), 'int32')],
  ['a number as a condition', () => tf.cast(whole(0, 3), 'bool')],
  ['limits', () => tf.maximum(tf.minimum(whole(1, 5, 9), whole(6, 6, 6)), whole(2, 2, 2))],
  [
    'comparisons',
    () =>
      tf.logicalAnd(tf.greater(whole(1, 2, 3), whole(1, 1, 3)), tf.lessEqual(whole(1, 2, 3), 2)),
  ],
  ['a tile', () => tf.tile(tf.tensor2d([1, 2], [1, 2]), [3, 1])],
];

describe('a trace reads', () => {
  test.each(CASES)('%s', async (_name, make) => {
    let read: unknown;
    graphOf(
      (x) => {
        read = make().arraySync();
        return x as Tensor;
      },
      [draw([2], 1)],
    );
    await tf.setBackend('cpu');
    expect(read).toEqual(make().arraySync());
  });
});
