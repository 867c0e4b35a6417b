import type { Tensor } from '@tensorflow/tfjs-core';
import { tf } from '../../../src/index.ts';
import { draw, int32 } from '../../parity.ts';
import type { Case } from './case.ts';

export const movementCases: Case[] = [
  {
    name: 'reshape with -1',
    fn: (x) => tf.reshape(x as Tensor, [-1, 2]),
    inputs: [draw([3, 4], 30)],
  },
  { name: 'expandDims', fn: (x) => tf.expandDims(x as Tensor, -1), inputs: [draw([3, 4], 31)] },
  {
    name: 'transpose',
    fn: (x) => tf.transpose(x as Tensor, [2, 0, 1]),
    inputs: [draw([2, 3, 4], 32)],
  },
  {
    name: 'broadcastTo',
    fn: (x) => tf.broadcastTo(x as Tensor, [2, 3, 4]),
    inputs: [draw([3, 1], 33)],
  },
  { name: 'tile', fn: (x) => tf.tile(x as Tensor, [2, 3]), inputs: [draw([2, 2], 34)] },
  {
    name: 'concat',
    fn: (a, b) => tf.concat([a as Tensor, b as Tensor], 1),
    inputs: [draw([2, 3], 35), draw([2, 1], 36)],
  },
  {
    name: 'stack',
    fn: (a, b) => tf.stack([a as Tensor, b as Tensor], 1),
    inputs: [draw([2, 3], 37), draw([2, 3], 38)],
  },
  { name: 'unstack', fn: (x) => tf.unstack(x as Tensor, 1), inputs: [draw([2, 3], 39)] },
  { name: 'split', fn: (x) => tf.split(x as Tensor, [1, 2], 1), inputs: [draw([2, 3], 40)] },
  { name: 'slice', fn: (x) => tf.slice(x as Tensor, [1, 0], [1, -1]), inputs: [draw([3, 4], 41)] },
  {
    name: 'stridedSlice',
    fn: (x) => tf.stridedSlice(x as Tensor, [0, 1], [3, 4], [2, 2]),
    inputs: [draw([3, 5], 42)],
  },
  {
    name: 'stridedSlice from behind, with a gap at the end',
    fn: (x) => tf.stridedSlice(x as Tensor, [1, -6, 0], [2, 6, 3], [1, 3, 2]),
    inputs: [draw([3, 7, 3], 47)],
  },
  {
    name: 'pad',
    fn: (x) =>
      tf.pad(
        x as Tensor,
        [
          [1, 0],
          [0, 2],
        ],
        0.5,
      ),
    inputs: [draw([2, 3], 43)],
  },
  {
    name: 'mirrorPad',
    fn: (x) =>
      tf.mirrorPad(
        x as Tensor,
        [
          [1, 1],
          [0, 2],
        ],
        'reflect',
      ),
    inputs: [draw([3, 3], 44)],
    gradient: false,
  },
  { name: 'reverse', fn: (x) => tf.reverse(x as Tensor, [0, 1]), inputs: [draw([3, 4], 45)] },
  {
    name: 'oneHot, out of range too',
    fn: (x) => tf.oneHot(x as never, 3),
    inputs: [int32([4], [0, 2, -1, 3])],
    gradient: false,
  },
  {
    name: 'depthToSpace',
    fn: (x) => tf.depthToSpace(x as never, 2),
    inputs: [draw([1, 2, 2, 8], 46)],
  },
];
