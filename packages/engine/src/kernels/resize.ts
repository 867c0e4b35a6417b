import type { Builder } from '../builder.ts';
import type { Value } from '../graph.ts';
import { matmul, reshape } from '../ops.ts';
import { type Kernel, type KernelAttributes, type KernelTable, need } from './kernel.ts';

/**
 * Resizing as two small matrix products, one per axis: exact for both methods, and the gradient is the
 * product with the transposed matrices.
 */
type Weights = (out: number, size: number, attributes: KernelAttributes) => Float32Array;

function ratio(out: number, size: number, alignCorners: boolean): number {
  return alignCorners && out > 1 ? (size - 1) / (out - 1) : size / out;
}

const nearest: Weights = (out, size, { alignCorners, halfPixelCenters }) => {
  const matrix = new Float32Array(out * size);
  const step = ratio(out, size, alignCorners);
  for (let row = 0; row < out; row++) {
    const position = step * (halfPixelCenters ? row + 0.5 : row);
    const source = alignCorners ? Math.round(position) : Math.floor(position);
    matrix[row * size + Math.min(size - 1, Math.max(0, source))] = 1;
  }
  return matrix;
};

const bilinear: Weights = (out, size, { alignCorners, halfPixelCenters }) => {
  const matrix = new Float32Array(out * size);
  const step = ratio(out, size, alignCorners);
  for (let row = 0; row < out; row++) {
    const position = halfPixelCenters ? step * (row + 0.5) - 0.5 : step * row;
    const low = Math.max(0, Math.floor(position));
    const high = Math.min(size - 1, Math.ceil(position));
    const share = position - low;
    const [a, c] = [row * size + Math.min(low, size - 1), row * size + high];
    matrix[a] = (matrix[a] as number) + (1 - share);
    matrix[c] = (matrix[c] as number) + share;
  }
  return matrix;
};

function apply(
  b: Builder,
  x: Value,
  vertical: Value,
  horizontal: Value,
  transposed: boolean,
): Value {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const tall = matmul(b, vertical, reshape(b, x, [n, h, w * c]), transposed);
  const rows = tall.shape[1] as number;
  const wide = matmul(b, horizontal, reshape(b, tall, [n * rows, w, c]), transposed);
  return reshape(b, wide, [n, rows, wide.shape[1] as number, c]);
}

function matrices(
  b: Builder,
  small: readonly number[],
  large: readonly number[],
  a: KernelAttributes,
  weights: Weights,
) {
  return [1, 2].map((axis) => {
    const shape = [large[axis] as number, small[axis] as number];
    return b.constant(weights(shape[0] as number, shape[1] as number, a), {
      shape,
      dtype: 'float32',
    });
  }) as [Value, Value];
}

const resize =
  (weights: Weights): Kernel =>
  ({ b, inputs, attributes }) => {
    const x = need(inputs, 'images');
    const [height, width] = attributes.size as [number, number];
    const target = [0, height, width];
    return apply(b, x, ...matrices(b, x.shape, target, attributes, weights), false);
  };

const gradient =
  (weights: Weights): Kernel =>
  ({ b, inputs, attributes }) => {
    const dy = need(inputs, 'dy');
    return apply(
      b,
      dy,
      ...matrices(b, need(inputs, 'images').shape, dy.shape, attributes, weights),
      true,
    );
  };

export const resizeKernels: KernelTable = {
  ResizeNearestNeighbor: resize(nearest),
  ResizeNearestNeighborGrad: gradient(nearest),
  ResizeBilinear: resize(bilinear),
  ResizeBilinearGrad: gradient(bilinear),
};
