import * as tf from '@tensorflow/tfjs-core';
import {
  bilinearWeights,
  nearestWeights,
  type ResizeOptions,
  type ResizeWeights,
} from '../kernels/resize.ts';
import { type Gradient, type GradientTable, only } from './gradient.ts';

type Shape4 = [number, number, number, number];

const run = (kernel: string, inputs: Record<string, tf.Tensor>, attributes: unknown): tf.Tensor =>
  tf.engine().runKernel(kernel, inputs, attributes as tf.NamedAttrMap) as tf.Tensor;

/**
 * The adjoint of a resize: products with the transposed matrices. Not by tfjs's own kernels, since its cpu
 * backend swaps height and width (bilinear) and reads the wrong image of a batch (nearest).
 */
const resized = (weights: ResizeWeights): Gradient => ({
  inputsToSave: ['images'],
  gradFunc: (gradient, [images], attributes) => {
    const dy = only(gradient) as tf.Tensor4D;
    const [n, height, width, c] = (images as tf.Tensor4D).shape;
    const [, rows, columns] = dy.shape;
    const matrix = (out: number, size: number) =>
      tf.tensor2d(weights(out, size, attributes as ResizeOptions), [out, size]);
    const image = () => {
      const low = tf.matMul(matrix(rows, height), tf.reshape(dy, [n, rows, columns * c]), true);
      const lines = tf.reshape(low, [n * height, columns, c]);
      return tf.reshape(tf.matMul(matrix(columns, width), lines, true), [n, height, width, c]);
    };
    return { images: image };
  },
});

interface PoolAttributes {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** Pixels of the image under each window along one axis. */
function pixelsUnder(out: number, kernel: number, stride: number, pad: number, size: number) {
  return Float32Array.from({ length: out }, (_, index) => {
    const start = index * stride - pad;
    return Math.min(start + kernel, size) - Math.max(start, 0);
  });
}

/**
 * Every pixel of a window gets an equal share; padding does not count. tfjs's cpu backend divides by the
 * whole window at the border, too, so the kernel only ever sees whole windows over an image with its padding.
 */
function averagePoolGradient(dy: tf.Tensor4D, shape: Shape4, a: PoolAttributes): tf.Tensor {
  const { filterSize, strides, pad, dimRoundingMode } = a;
  const info = tf.backend_util.computePool2DInfo(
    shape,
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = info;
  const [n, height, width, c] = shape;
  const [, rows, columns] = dy.shape;
  const vertical = pixelsUnder(rows, filterHeight, strideHeight, padInfo.top, height);
  const horizontal = pixelsUnder(columns, filterWidth, strideWidth, padInfo.left, width);
  const share = Float32Array.from({ length: rows * columns }, (_, i) => {
    const under = (vertical[Math.floor(i / columns)] ?? 0) * (horizontal[i % columns] ?? 0);
    return (filterHeight * filterWidth) / under;
  });
  const weighted = tf.mul(dy, tf.tensor4d(share, [1, rows, columns, 1]));
  const [top, left] = [padInfo.top, padInfo.left];
  const padded = tf.zeros([
    n,
    Math.max(top + height, (rows - 1) * strideHeight + filterHeight),
    Math.max(left + width, (columns - 1) * strideWidth + filterWidth),
    c,
  ]);
  const whole = run(
    tf.AvgPoolGrad,
    { dy: weighted, input: padded },
    { filterSize, strides, pad: 'valid' },
  );
  return tf.slice(whole, [0, top, left, 0], [n, height, width, c]);
}

/** Pooling and resizing: what samples pixels. */
export const samplingGradients: GradientTable = {
  MaxPool: {
    inputsToSave: ['x'],
    outputsToSave: [true],
    gradFunc: (dy, saved, attributes) => {
      const [input, output] = saved as [tf.Tensor, tf.Tensor];
      return { x: () => run(tf.MaxPoolGrad, { dy: only(dy), input, output }, attributes) };
    },
  },
  AvgPool: {
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => {
      const { shape } = x as tf.Tensor4D;
      const a: PoolAttributes = attributes;
      return { x: () => averagePoolGradient(only(dy) as tf.Tensor4D, shape, a) };
    },
  },
  ResizeNearestNeighbor: resized(nearestWeights),
  ResizeBilinear: resized(bilinearWeights),
};
