import type { Tensor } from '@tensorflow/tfjs-core';
import { batchNormalization, tf } from '../../../src/index.ts';
import { draw, type Fn } from '../../parity.ts';
import type { Case } from './case.ts';

const conv =
  (stride: number, pad: number | 'same' | 'valid'): Fn =>
  (x, w) =>
    tf.conv2d(x as never, w as never, stride, pad);
const up =
  (shape: number[], stride: number, pad: number | 'same' | 'valid'): Fn =>
  (x, w) =>
    tf.conv2dTranspose(x as never, w as never, shape as never, stride, pad);

export const convolutionCases: Case[] = [
  {
    name: 'conv2d 4x4 stride 2 pad 1',
    fn: conv(2, 1),
    inputs: [draw([2, 8, 8, 3], 50), draw([4, 4, 3, 5], 51)],
  },
  {
    name: 'conv2d 3x3 same',
    fn: conv(1, 'same'),
    inputs: [draw([2, 5, 6, 3], 52), draw([3, 3, 3, 4], 53)],
  },
  {
    name: 'conv2d 3x3 stride 2 same, uneven',
    fn: conv(2, 'same'),
    inputs: [draw([1, 6, 7, 2], 54), draw([3, 3, 2, 3], 55)],
  },
  {
    name: 'conv2d 1x1',
    fn: conv(1, 'valid'),
    inputs: [draw([2, 4, 4, 3], 56), draw([1, 1, 3, 5], 57)],
  },
  {
    name: 'conv2d 1x1 stride 2',
    fn: conv(2, 'valid'),
    inputs: [draw([2, 5, 5, 3], 58), draw([1, 1, 3, 5], 59)],
  },
  {
    name: 'conv2d of the whole image',
    fn: conv(1, 0),
    inputs: [draw([3, 4, 4, 6], 60), draw([4, 4, 6, 1], 61)],
  },
  {
    name: 'conv2d with rows out of reach',
    fn: conv(3, 'valid'),
    inputs: [draw([1, 9, 8, 2], 62), draw([2, 2, 2, 3], 63)],
  },
  {
    name: 'conv2d 7x7 stride 2 pad 3',
    fn: conv(2, 3),
    inputs: [draw([1, 11, 11, 3], 64), draw([7, 7, 3, 2], 65)],
  },
  {
    name: 'conv2d dilated',
    fn: (x, w) => tf.conv2d(x as never, w as never, 1, 'same', 'NHWC', 2),
    inputs: [draw([1, 7, 7, 2], 66), draw([3, 3, 2, 3], 67)],
    gradient: false,
  },
  {
    name: 'conv2dTranspose 1x1 to 4x4',
    fn: up([2, 4, 4, 5], 1, 0),
    inputs: [draw([2, 1, 1, 6], 68), draw([4, 4, 5, 6], 69)],
  },
  {
    name: 'conv2dTranspose stride 2',
    fn: up([2, 8, 8, 3], 2, 1),
    inputs: [draw([2, 4, 4, 5], 70), draw([4, 4, 3, 5], 71)],
  },
  {
    name: 'conv2dTranspose to an uneven size',
    fn: up([1, 7, 8, 2], 2, 'same'),
    inputs: [draw([1, 4, 4, 3], 72), draw([3, 3, 2, 3], 73)],
  },
  {
    name: 'matMul',
    fn: (a, b) => tf.matMul(a as Tensor, b as Tensor),
    inputs: [draw([3, 4], 74), draw([4, 5], 75)],
  },
  {
    name: 'matMul of transposed batches',
    fn: (a, b) => tf.matMul(a as Tensor, b as Tensor, true, true),
    inputs: [draw([2, 4, 3], 76), draw([2, 5, 4], 77)],
  },
  {
    name: 'batchNorm',
    fn: (x, m, v, o, s) =>
      tf.batchNorm(x as never, m as never, v as never, o as never, s as never, 1e-3),
    inputs: [
      draw([2, 3, 3, 4], 78),
      draw([4], 79),
      draw([4], 80, true),
      draw([4], 81),
      draw([4], 82),
    ],
  },
  {
    name: 'batchNorm without scale and offset',
    fn: (x, m, v) => tf.batchNorm(x as never, m as never, v as never),
    inputs: [draw([2, 3, 3, 4], 78), draw([4], 79), draw([4], 80, true)],
  },
  {
    name: 'batchNorm without scale',
    fn: (x, m, v, o) => tf.batchNorm(x as never, m as never, v as never, o as never),
    inputs: [draw([2, 3, 3, 4], 78), draw([4], 79), draw([4], 80, true), draw([4], 81)],
  },
  ...(['linear', 'relu', 'leakyrelu', 'sigmoid', 'elu', 'relu6'] as const).map(
    (activation): Case => ({
      name: `fused matMul with ${activation}`,
      fn: (a, b, bias) =>
        tf.fused.matMul({
          a: a as never,
          b: b as never,
          bias: bias as Tensor,
          activation,
          leakyreluAlpha: 0.2,
        }),
      inputs: [draw([3, 4], 83), draw([4, 5], 84), draw([5], 85)],
      // tfjs has gradients of some activations only; without fusion all have one.
      gradient: activation === 'linear' || activation === 'relu',
    }),
  ),
  {
    name: 'fused conv2d with relu',
    fn: (x, filter, bias) =>
      tf.fused.conv2d({
        x: x as never,
        filter: filter as never,
        strides: 2,
        pad: 1,
        bias: bias as Tensor,
        activation: 'relu',
      }),
    inputs: [draw([1, 6, 6, 3], 86), draw([4, 4, 3, 1], 87), draw([1], 88)],
  },
  {
    name: 'depthwise 3x3 stride 2 same, uneven, two filters a channel',
    fn: (x, w) => tf.depthwiseConv2d(x as never, w as never, 2, 'same'),
    inputs: [draw([2, 6, 7, 3], 107), draw([3, 3, 3, 2], 108)],
    gradient: false,
  },
  {
    name: 'depthwise 3x3 dilated',
    fn: (x, w) => tf.depthwiseConv2d(x as never, w as never, 1, 'valid', 'NHWC', 2),
    inputs: [draw([1, 7, 6, 4], 109), draw([3, 3, 4, 1], 110)],
    gradient: false,
  },
  {
    name: 'fused depthwise with relu6',
    fn: (x, filter, bias) =>
      tf.fused.depthwiseConv2d({
        x: x as never,
        filter: filter as never,
        strides: 1,
        pad: 'same',
        bias: bias as Tensor,
        activation: 'relu6',
      }),
    inputs: [draw([1, 5, 6, 3], 111), draw([3, 3, 3, 2], 112), draw([6], 113)],
    gradient: false,
  },
  {
    name: 'conv2d in NCHW',
    fn: (x, w) => tf.conv2d(x as never, w as never, 1, 'same', 'NCHW'),
    inputs: [draw([2, 3, 5, 4], 89), draw([3, 3, 3, 2], 103)],
  },
  {
    name: 'batchNormalization',
    fn: (x, scale, offset) => batchNormalization(x as Tensor, scale as Tensor, offset as Tensor).y,
    inputs: [draw([4, 3, 3, 2], 104), draw([2], 105), draw([2], 106)],
  },
];
