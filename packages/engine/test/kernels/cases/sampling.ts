import type { Tensor } from '@tensorflow/tfjs-core';
import { roiAlign, tf } from '../../../src/index.ts';
import { draw, drawApart, type Fn, float32, int32 } from '../../parity.ts';
import type { Case } from './case.ts';

const pool =
  (kind: 'maxPool' | 'avgPool', size: number, stride: number, pad: 'same' | 'valid' | number): Fn =>
  (x) =>
    tf[kind](x as never, size, stride, pad);

const ROI = { size: [2, 3], spatialScale: 0.5, samplingRatio: 2 } as const;

export const samplingCases: Case[] = [
  {
    name: 'maxPool 2x2',
    fn: pool('maxPool', 2, 2, 'valid'),
    inputs: [drawApart([2, 4, 6, 3], 90)],
  },
  {
    name: 'maxPool 3x3 stride 2 pad 1',
    fn: pool('maxPool', 3, 2, 1),
    inputs: [drawApart([2, 7, 6, 3], 91)],
  },
  { name: 'avgPool 3x3 same', fn: pool('avgPool', 3, 1, 'same'), inputs: [draw([1, 5, 4, 2], 92)] },
  {
    name: 'avgPool 3x3 stride 2 same',
    fn: pool('avgPool', 3, 2, 'same'),
    inputs: [draw([1, 6, 7, 2], 93)],
  },
  ...[true, false].flatMap((corners) => [
    {
      name: `resizeNearestNeighbor, alignCorners ${corners}`,
      fn: ((x: Tensor) => tf.image.resizeNearestNeighbor(x as never, [6, 9], corners)) as Fn,
      inputs: [draw([2, 3, 4, 2], 94)],
    },
    {
      name: `resizeBilinear, alignCorners ${corners}`,
      fn: ((x: Tensor) => tf.image.resizeBilinear(x as never, [5, 7], corners)) as Fn,
      inputs: [draw([2, 3, 4, 2], 95)],
    },
  ]),
  {
    name: 'resizeBilinear to smaller, half pixel centres',
    fn: (x) => tf.image.resizeBilinear(x as never, [2, 3], false, true),
    inputs: [draw([1, 5, 7, 2], 96)],
    gradient: false,
  },
  {
    name: 'gather with duplicates',
    fn: (x, i) => tf.gather(x as Tensor, tf.cast(i as Tensor, 'int32') as never, 1),
    inputs: [draw([2, 4, 3], 97), int32([5], [3, 0, 3, 3, 1])],
  },
  {
    name: 'gatherND',
    fn: (x, i) => tf.gatherND(x as Tensor, i as Tensor),
    inputs: [draw([3, 4, 2], 98), int32([4, 2], [0, 1, 2, 3, 1, 1, 0, 1])],
  },
  {
    name: 'scatterND with duplicates',
    fn: (i, u) => tf.scatterND(i as Tensor, u as Tensor, [4, 2]),
    inputs: [int32([5, 1], [1, 1, 3, 1, 0]), draw([5, 2], 99)],
  },
  {
    name: 'unsortedSegmentSum',
    fn: (x, i) => tf.unsortedSegmentSum(x as Tensor, i as never, 3),
    inputs: [draw([5, 2], 100), int32([5], [2, 0, 2, 2, 0])],
  },
  {
    name: 'unsortedSegmentSum, rows left out by negative ids',
    fn: (x, i) => tf.unsortedSegmentSum(x as Tensor, i as never, 3),
    inputs: [draw([4, 2], 102), int32([4], [2, -1, 1, -1])],
  },
  {
    name: 'nonMaxSuppressionPadded',
    fn: (boxes, scores) => {
      const padded = tf.image.nonMaxSuppressionPadded(
        boxes as never,
        scores as never,
        4,
        0.5,
        0.1,
        true,
      );
      return [padded.selectedIndices as Tensor, padded.validOutputs as Tensor];
    },
    inputs: [
      float32([5, 4], [0, 0, 4, 4, 0, 0, 4, 3.9, 5, 5, 9, 9, 5, 5, 8, 9, 20, 20, 24, 24]),
      float32([5], [0.6, 0.9, 0.8, 0.7, 0.05]),
    ],
    gradient: false,
  },
  {
    name: 'roiAlign',
    fn: (x, boxes) => roiAlign(x as never, boxes as never, ROI),
    inputs: [
      draw([2, 6, 7, 3], 101),
      float32([2, 2, 4], [1, 2, 9, 8, -3, 0, 5, 20, 0, 0, 13, 11, 4, 4, 4.5, 6]),
    ],
    gradient: false,
  },
];
