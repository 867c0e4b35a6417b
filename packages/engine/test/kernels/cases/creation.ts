import type { Tensor } from '@tensorflow/tfjs-core';
import { tf } from '../../../src/index.ts';
import { draw, type Fn } from '../../parity.ts';
import type { Case } from './case.ts';

/** Constants, added to an input so that the graph has one. */
const added = (name: string, make: () => Tensor, shape: number[]): Case => ({
  name,
  fn: ((x: Tensor) => tf.add(x, tf.cast(make(), 'float32'))) as Fn,
  inputs: [draw(shape, 120)],
});

export const creationCases: Case[] = [
  added('fill', () => tf.fill([2, 3], 0.1), [2, 3]),
  added('fill of int32', () => tf.fill([2], 7, 'int32'), [2]),
  added('range', () => tf.range(0, 5), [5]),
  added('range of int32, backwards', () => tf.range(5, -2, -3, 'int32'), [3]),
  added('linspace', () => tf.linspace(-1, 2, 7), [7]),
  added('linspace of one', () => tf.linspace(3, 9, 1), [1]),
  added('eye', () => tf.eye(3), [3, 3]),
];
