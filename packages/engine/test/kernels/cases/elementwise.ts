import type { Tensor } from '@tensorflow/tfjs-core';
import { type HostTensor, tf } from '../../../src/index.ts';
import { bool, draw, type Fn, float32, int32 } from '../../parity.ts';
import type { Case } from './case.ts';

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
  asinh: tf.asinh,
  atan: tf.atan,
  atanh: (x) => tf.atanh(tf.mul(x, 0.4)),
  asin: (x) => tf.asin(tf.mul(x, 0.4)),
  acos: (x) => tf.acos(tf.mul(x, 0.4)),
  clip: (x) => tf.clipByValue(x, -0.5, 1),
};

const POSITIVE: Record<string, UnaryOp> = {
  acosh: (x) => tf.acosh(tf.add(x, 1)),
  log: tf.log,
  log1p: tf.log1p,
  reciprocal: tf.reciprocal,
  rsqrt: tf.rsqrt,
  sqrt: tf.sqrt,
};

const STEPPED: Record<string, UnaryOp> = {
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
  {
    name: 'sigmoid in its tail, where only a logarithm shows how small it gets',
    fn: (x) => tf.log(tf.sigmoid(x as Tensor)),
    inputs: [float32([6], [-80, -40, -25, -18.5, -15, -9])],
    gradient: false,
  },
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
