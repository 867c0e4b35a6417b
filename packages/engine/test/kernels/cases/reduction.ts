import type { Tensor } from '@tensorflow/tfjs-core';
import { tf } from '../../../src/index.ts';
import { bool, draw, drawApart } from '../../parity.ts';
import type { Case } from './case.ts';

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
    inputs: [drawApart([2, 7], 20)],
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
