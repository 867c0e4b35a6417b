/** Every kernel with inputs that show its edges; each case is run forward and, if smooth, backward. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { type HostTensor, roiAlign, tf } from '../../src/index.ts';
import { bool, draw, type Fn, float32, int32 } from '../parity.ts';

export interface Case {
  readonly name: string;
  readonly fn: Fn;
  readonly inputs: HostTensor[];
  /** false: only the forward pass is compared. */
  readonly gradient?: boolean;
}

type UnaryOp = (x: Tensor) => Tensor;
type BinaryOp = (a: Tensor, b: Tensor) => Tensor;

const SMOOTH: Record<string, UnaryOp> = {
  abs: tf.abs,
  cos: tf.cos,
  cosh: tf.cosh,
  elu: tf.elu,
  erf: tf.erf,
  exp: tf.exp,
  expm1: tf.expm1,
  leakyRelu: (x) => tf.leakyRelu(x, 0.2),
  neg: tf.neg,
  relu: tf.relu,
  relu6: tf.relu6,
  selu: tf.selu,
  sigmoid: tf.sigmoid,
  sin: tf.sin,
  sinh: tf.sinh,
  softplus: tf.softplus,
  square: tf.square,
  tan: (x) => tf.tan(tf.mul(x, 0.5)),
  tanh: tf.tanh,
  atan: tf.atan,
  asin: (x) => tf.asin(tf.mul(x, 0.4)),
  acos: (x) => tf.acos(tf.mul(x, 0.4)),
  clip: (x) => tf.clipByValue(x, -0.5, 1),
};

const POSITIVE: Record<string, UnaryOp> = {
  log: tf.log,
  log1p: tf.log1p,
  reciprocal: tf.reciprocal,
  rsqrt: tf.rsqrt,
  sqrt: tf.sqrt,
};

const STEPPED: Record<string, UnaryOp> = {
  asinh: tf.asinh,
  ceil: tf.ceil,
  floor: tf.floor,
  round: tf.round,
  sign: tf.sign,
  step: (x) => tf.step(x),
  'step with alpha': (x) => tf.step(x, 0.3),
  isFinite: tf.isFinite,
  isInf: tf.isInf,
  isNaN: tf.isNaN,
  zerosLike: tf.zerosLike,
  onesLike: tf.onesLike,
  'cast to int32': (x) => tf.cast(x, 'int32'),
  'cast to bool': (x) => tf.cast(x, 'bool'),
};

const BINARY: Record<string, BinaryOp> = {
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: tf.div,
  maximum: tf.maximum,
  minimum: tf.minimum,
  squaredDifference: tf.squaredDifference,
  pow: (a, b) => tf.pow(tf.add(tf.abs(a), 0.5), b),
  prelu: (a, b) => tf.prelu(a, b),
};

const DISCRETE: Record<string, BinaryOp> = {
  equal: tf.equal,
  notEqual: tf.notEqual,
  greater: tf.greater,
  greaterEqual: tf.greaterEqual,
  less: tf.less,
  lessEqual: tf.lessEqual,
  floorDiv: tf.floorDiv,
  mod: tf.mod,
};

const cases = (table: Record<string, UnaryOp>, inputs: HostTensor[], gradient: boolean): Case[] =>
  Object.entries(table).map(([name, fn]) => ({ name, fn: fn as Fn, inputs, gradient }));

/** Around the kinks and far out, where naive formulas overflow or cancel. */
const EDGES = float32([12], [-100, -88, -30, -1e-4, -1e-7, 0, 1e-7, 1e-4, 0.5, 30, 60, 88]);
const HALVES = float32([8], [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 1e6 + 0.5, 0]);

export const elementwiseCases: Case[] = [
  ...cases(SMOOTH, [draw([3, 4], 1)], true),
  ...cases(POSITIVE, [draw([3, 4], 2, true)], true),
  ...cases(STEPPED, [draw([3, 4], 3)], false),
  ...['softplus', 'sigmoid', 'expm1', 'tanh', 'elu', 'relu'].map((name) => ({
    name: `${name} at the edges`,
    fn: SMOOTH[name] as Fn,
    inputs: [EDGES],
    gradient: false,
  })),
  { name: 'log1p near 0', fn: tf.log1p as Fn, inputs: [float32([4], [1e-7, -1e-7, 0, 1e-4])] },
  { name: 'round halves to even', fn: tf.round as Fn, inputs: [HALVES], gradient: false },
  ...Object.entries(BINARY).flatMap(([name, fn]): Case[] => [
    { name, fn: fn as Fn, inputs: [draw([2, 3], 4), draw([2, 3], 5, true)], gradient: true },
    {
      name: `${name} with broadcasting`,
      fn: fn as Fn,
      inputs: [draw([2, 3, 4], 6), draw(name === 'prelu' ? [3, 4] : [3, 1], 7, true)],
      gradient: true,
    },
  ]),
  ...Object.entries(DISCRETE).map(([name, fn]) => ({
    name: `${name} of int32 with signs and ties`,
    fn: fn as Fn,
    inputs: [int32([6], [7, -7, 7, -7, 4, 0]), int32([6], [2, 2, -2, -2, 4, 3])],
    gradient: false,
  })),
  ...['logicalAnd', 'logicalOr', 'logicalXor'].map((name) => ({
    name,
    fn: (tf as unknown as Record<string, Fn>)[name] as Fn,
    inputs: [bool([4], [0, 0, 1, 1]), bool([4], [0, 1, 0, 1])],
    gradient: false,
  })),
  { name: 'logicalNot', fn: tf.logicalNot as Fn, inputs: [bool([2], [0, 1])], gradient: false },
  {
    name: 'where',
    fn: (c, a, b) => tf.where(c as Tensor, a as Tensor, b as Tensor),
    inputs: [bool([2, 2], [1, 0, 0, 1]), draw([2, 2], 8), draw([2, 2], 9)],
    gradient: true,
  },
  {
    name: 'addN',
    fn: (...tensors) => tf.addN(tensors),
    inputs: [draw([3], 1), draw([3], 2), draw([3], 3)],
    gradient: true,
  },
];

const reduceCases: Case[] = (['sum', 'mean', 'max', 'min'] as const).flatMap((name) => [
  {
    name: `${name} of all`,
    fn: (x) => tf[name](x as Tensor),
    inputs: [draw([2, 3], 11)],
    gradient: true,
  },
  {
    name: `${name} over two axes, kept`,
    fn: (x) => tf[name](x as Tensor, [0, -1], true),
    inputs: [draw([2, 3, 4], 12)],
    gradient: true,
  },
]);

export const reductionCases: Case[] = [
  ...reduceCases,
  { name: 'prod', fn: (x) => tf.prod(x as Tensor, 1), inputs: [draw([2, 3], 13)], gradient: false },
  {
    name: 'all',
    fn: (x) => tf.all(x as Tensor, 1),
    inputs: [bool([2, 2], [1, 1, 1, 0])],
    gradient: false,
  },
  {
    name: 'any',
    fn: (x) => tf.any(x as Tensor, 1),
    inputs: [bool([2, 2], [0, 0, 1, 0])],
    gradient: false,
  },
  {
    name: 'argMax',
    fn: (x) => tf.argMax(x as Tensor, 1),
    inputs: [draw([3, 5], 14)],
    gradient: false,
  },
  {
    name: 'argMin',
    fn: (x) => tf.argMin(x as Tensor, 0),
    inputs: [draw([3, 5], 15)],
    gradient: false,
  },
  {
    name: 'softmax',
    fn: (x) => tf.softmax(x as Tensor),
    inputs: [draw([2, 5], 16)],
    gradient: true,
  },
  {
    name: 'logSoftmax',
    fn: (x) => tf.logSoftmax(x as Tensor),
    inputs: [draw([2, 5], 17)],
    gradient: true,
  },
  {
    name: 'cumsum',
    fn: (x) => tf.cumsum(x as Tensor, 1),
    inputs: [draw([2, 5], 18)],
    gradient: true,
  },
  {
    name: 'cumsum, exclusive and reversed',
    fn: (x) => tf.cumsum(x as Tensor, 0, true, true),
    inputs: [draw([4, 2], 19)],
    gradient: true,
  },
  {
    name: 'topk',
    fn: (x) => {
      const { values, indices } = tf.topk(x as Tensor, 3);
      return [values, indices];
    },
    inputs: [draw([2, 7], 20)],
    gradient: false,
  },
  {
    name: 'moments',
    fn: (x) => {
      const { mean, variance } = tf.moments(x as Tensor, [0, 1]);
      return [mean, variance];
    },
    inputs: [draw([2, 3, 4], 21)],
    gradient: true,
  },
  { name: 'norm', fn: (x) => tf.norm(x as Tensor), inputs: [draw([2, 3], 22)], gradient: true },
];

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
    gradient: false,
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
    gradient: false,
  },
];

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
];

const pool =
  (kind: 'maxPool' | 'avgPool', size: number, stride: number, pad: 'same' | 'valid' | number): Fn =>
  (x) =>
    tf[kind](x as never, size, stride, pad);

const ROI = { size: [2, 3], spatialScale: 0.5, samplingRatio: 2 } as const;

export const samplingCases: Case[] = [
  { name: 'maxPool 2x2', fn: pool('maxPool', 2, 2, 'valid'), inputs: [draw([2, 4, 6, 3], 90)] },
  {
    name: 'maxPool 3x3 stride 2 pad 1',
    fn: pool('maxPool', 3, 2, 1),
    inputs: [draw([2, 7, 6, 3], 91)],
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
    inputs: [draw([3, 4, 2], 98), int32([3, 2], [0, 1, 2, 3, 1, 1])],
    gradient: false,
  },
  {
    name: 'scatterND with duplicates',
    fn: (i, u) => tf.scatterND(i as Tensor, u as Tensor, [4, 2]),
    inputs: [int32([5, 1], [1, 1, 3, 1, 0]), draw([5, 2], 99)],
    gradient: false,
  },
  {
    name: 'unsortedSegmentSum',
    fn: (x, i) => tf.unsortedSegmentSum(x as Tensor, i as never, 3),
    inputs: [draw([5, 2], 100), int32([5], [2, 0, 2, 2, 0])],
    gradient: false,
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
