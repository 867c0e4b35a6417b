/** What cannot be recorded says so, and where; it never becomes a wrong graph. */
import { describe, expect, test } from '@jest/globals';
import type { Tensor } from '@tensorflow/tfjs-core';
import { tf, UnsupportedKernelError } from '../../src/index.ts';
import { draw, type Fn } from '../parity.ts';
import { graphOf } from '../run-graph.ts';

function failureOf(fn: Fn, shape: number[]): UnsupportedKernelError {
  try {
    graphOf(fn, [draw(shape, 1)]);
  } catch (error) {
    return error as UnsupportedKernelError;
  }
  throw new Error('The trace did not fail');
}

describe('an operation that cannot be recorded', () => {
  test('names its kernel and the line that called it', () => {
    const failure = failureOf((x) => tf.cumprod(x as Tensor), [3]);
    expect(failure).toBeInstanceOf(UnsupportedKernelError);
    expect(failure.kernel).toBe('Cumprod');
    expect(failure.site).toMatch(/unsupported\.test\.ts:\d+:\d+$/);
    expect(failure.message).toContain("'Cumprod' has no translation to ONNX");
  });

  test('with arguments that its kernel does not take says which it takes', () => {
    const pads: [number, number][] = [[1, 1]];
    const failure = failureOf((x) => tf.mirrorPad(x as Tensor, pads, 'symmetric'), [3]);
    expect(failure.message).toContain("'MirrorPad' supports mode reflect only");
  });

  test('with a shape that depends on the data says what to ask for instead', () => {
    const unpadded: Fn = (boxes) => {
      const scores = tf.reshape(tf.slice(boxes as Tensor, [0, 0], [3, 1]), [3]);
      return tf.image.nonMaxSuppressionPadded(boxes as never, scores as never, 2)
        .selectedIndices as Tensor;
    };
    const failure = failureOf(unpadded, [3, 4]);
    expect(failure.kernel).toBe('NonMaxSuppressionV4');
    expect(failure.message).toContain('needs padToMaxOutputSize');
  });

  test('in a gradient names the operation', () => {
    const fn: Fn = (x) => tf.grad((t: Tensor) => tf.sum(tf.prod(t, 0)))(x as Tensor);
    expect(() => graphOf(fn, [draw([2, 2], 1)])).toThrow(/Prod/);
  });
});
