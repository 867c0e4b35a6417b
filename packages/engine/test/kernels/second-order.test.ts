/** The gradient of a gradient is right for every kernel that has one. */
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, test } from '@jest/globals';
import type { Tensor } from '@tensorflow/tfjs-core';
import { tf, UnsupportedGradientError, valueAndGradients } from '../../src/index.ts';
import { compare, draw, type Fn, float32, runGraph } from '../parity.ts';
import { graphOf } from '../run-graph.ts';
import { secondOf, secondOrderError } from '../second-order.ts';
import { CASES } from './cases/index.ts';

/** Central differences in float32 are no more exact than this. */
const DIFFERENCES = 1e-2;
const EAGER = 1e-4;

const smooth = Object.values(CASES)
  .flat()
  .filter((c) => c.gradient !== false);

describe('the gradient of the gradient', () => {
  test.each(smooth.map((c) => [c.name, c] as const))(
    'of %s equals finite differences, and eager tfjs',
    async (_name, c) => {
      expect(await secondOrderError(c.fn, c.inputs)).toBeLessThan(DIFFERENCES);
      const { shapes, error } = await compare(secondOf(c.fn), c.inputs);
      expect(shapes.graph).toBe(shapes.reference);
      expect(error).toBeLessThan(EAGER);
    },
  );
});

test('gradients of any order are right, by tf.grad too', async () => {
  const derived = (order: number): Fn =>
    Array.from({ length: order }).reduce<Fn>(
      (fn) => (x) => tf.grad((t: Tensor) => fn(t) as Tensor)(x as Tensor),
      (x) => tf.mul(tf.tanh(x as Tensor), tf.exp(x as Tensor)),
    );
  const x = 0.3;
  const t = Math.tanh(x);
  const s = 1 - t ** 2;
  // Of tanh: s, -2 t s, -2 s (1 - 3 t^2); the exponential is its own derivative.
  const third = Math.exp(x) * (t + 3 * s - 6 * t * s - 2 * s * (1 - 3 * t ** 2));
  const { o0 } = await runGraph(derived(3), [float32([], [x])]);
  expect(o0?.data[0]).toBeCloseTo(third, 4);
});

function refusalOf(fn: Fn, shape: number[]): UnsupportedGradientError {
  try {
    graphOf(fn, [draw(shape, 1)]);
  } catch (error) {
    expect(error).toBeInstanceOf(UnsupportedGradientError);
    return error as UnsupportedGradientError;
  }
  throw new Error('The trace did not fail');
}

const gradient =
  (fn: (x: Tensor) => Tensor): Fn =>
  (x) =>
    tf.grad((t: Tensor) => tf.sum(fn(t)))(x as Tensor);

describe('a gradient that there is not is refused by name', () => {
  test.each<[string, string, number[], (x: Tensor) => Tensor]>([
    ['a product', 'Prod', [3], (x) => tf.prod(x)],
    ['a reflected margin', 'MirrorPad', [3], (x) => tf.mirrorPad(x, [[1, 1]], 'reflect')],
    ['a comparison', 'Greater', [3], (x) => tf.where(tf.greater(x, 0), x, tf.neg(x))],
    [
      'a dilated convolution',
      'Conv2D',
      [1, 7, 7, 1],
      (x) => tf.conv2d(x as never, tf.ones([3, 3, 1, 1]), 1, 'same', 'NHWC', 2),
    ],
    [
      'a depthwise convolution',
      'DepthwiseConv2dNative',
      [1, 5, 5, 1],
      (x) => tf.depthwiseConv2d(x as never, tf.ones([3, 3, 1, 1]), 1, 'same'),
    ],
  ])('of %s', (_name, kernel, shape, fn) => {
    expect(refusalOf(gradient(fn), shape)).toMatchObject({ kernel, code: 'UNSUPPORTED_GRADIENT' });
  });

  test('inside tf.customGrad', () => {
    const penalty = (x: Tensor) => {
      const { gradients } = valueAndGradients((by) => tf.sum(tf.square(by.x)), { x });
      return { value: gradients.x, gradFunc: (dy: Tensor) => dy };
    };
    expect(refusalOf((x) => tf.customGrad(penalty as never)(x as Tensor), [3])).toMatchObject({
      kernel: 'tf.customGrad',
    });
  });

  test('of second order, of an operation that keeps from the tape what its gradient reads', () => {
    const crossEntropy = (x: Tensor) => tf.losses.softmaxCrossEntropy(tf.ones(x.shape), x);
    expect(() => graphOf(gradient(crossEntropy), [draw([2, 3], 1)])).not.toThrow();
    const second = gradient((x) => gradient(crossEntropy)(x) as Tensor);
    expect(refusalOf(second, [2, 3]).message).toMatch(/'softmaxCrossEntropy'.*second order/);
  });
});
