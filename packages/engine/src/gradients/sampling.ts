import * as tf from '@tensorflow/tfjs-core';
import {
  bilinearWeights,
  nearestWeights,
  type ResizeOptions,
  type ResizeWeights,
} from '../kernels/resize.ts';
import { constant, type Gradient, type GradientTable, mask, only } from './gradient.ts';

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

const poolInfo = (shape: Shape4, a: PoolAttributes) =>
  tf.backend_util.computePool2DInfo(shape, a.filterSize, a.strides, 1, a.pad, a.dimRoundingMode);

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
  const { filterSize, strides } = a;
  const info = poolInfo(shape, a);
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

/** Less than any finite element of an image. */
const MIN_FLOAT32 = -3.4028234663852886e38;

/** What an image has where another of the same shape has the first maximum of each window: the adjoint of MaxPoolGrad. */
function atMaxima(
  values: tf.Tensor4D,
  image: tf.Tensor4D,
  maxima: tf.Tensor,
  a: PoolAttributes,
): tf.Tensor {
  const { padInfo, outHeight, outWidth, ...info } = poolInfo(image.shape, a);
  const { filterHeight, filterWidth, strideHeight, strideWidth } = info;
  const [n, height, width, c] = image.shape;
  const ends = [(outHeight - 1) * strideHeight, (outWidth - 1) * strideWidth] as const;
  const behind = (before: number, size: number, end: number) => Math.max(0, end - before - size);
  const margins: [number, number][] = [
    [0, 0],
    [padInfo.top, behind(padInfo.top, height, ends[0] + filterHeight)],
    [padInfo.left, behind(padInfo.left, width, ends[1] + filterWidth)],
    [0, 0],
  ];
  const [within, around] = [tf.pad(values, margins), tf.pad(image, margins, MIN_FLOAT32)];
  /** What one place of all windows sees, [N, h, w, C]. */
  const tap = (padded: tf.Tensor, i: number, j: number) =>
    tf.stridedSlice(
      padded,
      [0, i, j, 0],
      [n, i + ends[0] + 1, j + ends[1] + 1, c],
      [1, strideHeight, strideWidth, 1],
    );
  let open = tf.ones(maxima.shape, 'bool');
  const parts: tf.Tensor[] = [];
  for (let i = 0; i < filterHeight; i++) {
    for (let j = 0; j < filterWidth; j++) {
      const hit = constant(() => tf.logicalAnd(tf.equal(tap(around, i, j), maxima), open));
      open = constant(() => tf.logicalAnd(open, tf.logicalNot(hit)));
      parts.push(
        tf.mul(
          tap(within, i, j),
          mask(() => hit),
        ),
      );
    }
  }
  return tf.addN(parts);
}

const cloned = (x: tf.Tensor): tf.Tensor => constant(() => tf.clone(x));

/** Pooling and resizing: what samples pixels. */
export const samplingGradients: GradientTable = {
  MaxPool: {
    inputsToSave: ['x'],
    outputsToSave: [true],
    gradFunc: (dy, saved, attributes) => {
      const [input, output] = saved as [tf.Tensor, tf.Tensor];
      // Which element is the largest changes at single points only.
      const rest = () => ({ input: cloned(input), output: cloned(output) });
      return { x: () => run(tf.MaxPoolGrad, { dy: only(dy), ...rest() }, attributes) };
    },
  },
  MaxPoolGrad: {
    inputsToSave: ['input', 'output'],
    gradFunc: (gradient, saved, attributes) => {
      const [input, output] = saved as [tf.Tensor4D, tf.Tensor4D];
      const a: PoolAttributes = attributes;
      return {
        dy: () => atMaxima(only(gradient) as tf.Tensor4D, input, output, a),
        input: () => tf.zeros(input.shape),
        output: () => tf.zeros(output.shape),
      };
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
  /** Of whole windows, as averagePoolGradient runs it. */
  AvgPoolGrad: {
    inputsToSave: ['input'],
    gradFunc: (gradient, saved, attributes) => {
      const [input] = saved as [tf.Tensor4D];
      return {
        dy: () => run(tf.AvgPool, { x: only(gradient) }, attributes),
        input: () => tf.zeros(input.shape),
      };
    },
  },
  ResizeNearestNeighbor: resized(nearestWeights),
  ResizeBilinear: resized(bilinearWeights),
};
