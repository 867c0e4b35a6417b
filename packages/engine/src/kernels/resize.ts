import type { Builder, Value } from '../graph.ts';
import { at } from '../host-tensor.ts';
import { matmul, reshape } from '../ops.ts';
import { type Kernel, type KernelTable, need } from './kernel.ts';

/** What the kernels and the gradients of resizing share: one matrix per axis. */
export interface ResizeOptions {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/** The [out, size] weights of one axis, row by row. */
export type ResizeWeights = (out: number, size: number, options: ResizeOptions) => Float32Array;

function ratio(out: number, size: number, alignCorners: boolean): number {
  return alignCorners && out > 1 ? (size - 1) / (out - 1) : size / out;
}

export const nearestWeights: ResizeWeights = (out, size, { alignCorners, halfPixelCenters }) => {
  const matrix = new Float32Array(out * size);
  const step = ratio(out, size, alignCorners);
  for (let row = 0; row < out; row++) {
    const position = step * (halfPixelCenters ? row + 0.5 : row);
    const source = alignCorners ? Math.round(position) : Math.floor(position);
    matrix[row * size + Math.min(size - 1, Math.max(0, source))] = 1;
  }
  return matrix;
};

export const bilinearWeights: ResizeWeights = (out, size, { alignCorners, halfPixelCenters }) => {
  const matrix = new Float32Array(out * size);
  const step = ratio(out, size, alignCorners);
  for (let row = 0; row < out; row++) {
    const position = halfPixelCenters ? step * (row + 0.5) - 0.5 : step * row;
    const low = Math.max(0, Math.floor(position));
    const high = Math.min(size - 1, Math.ceil(position));
    const share = position - low;
    const [a, c] = [row * size + Math.min(low, size - 1), row * size + high];
    matrix[a] = (matrix[a] ?? 0) + (1 - share);
    matrix[c] = (matrix[c] ?? 0) + share;
  }
  return matrix;
};

/** Resizing as two small matrix products, one per axis: exact for both methods. */
function apply(b: Builder, x: Value, vertical: Value, horizontal: Value): Value {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const tall = matmul(b, vertical, reshape(b, x, [n, h, w * c]));
  const rows = at(tall.shape, 1);
  const wide = matmul(b, horizontal, reshape(b, tall, [n * rows, w, c]));
  return reshape(b, wide, [n, rows, at(wide.shape, 1), c]);
}

const resize =
  (weights: ResizeWeights): Kernel =>
  ({ b, inputs, attributes }) => {
    const x = need(inputs, 'images');
    const { size, alignCorners, halfPixelCenters } = attributes;
    const matrix = (axis: 0 | 1) => {
      const shape = [Number(size[axis]), at(x.shape, axis + 1)] as const;
      const data = weights(...shape, { alignCorners, halfPixelCenters });
      return b.constant(data, { shape, dtype: 'float32' });
    };
    return apply(b, x, matrix(0), matrix(1));
  };

export const resizeKernels: KernelTable = {
  ResizeNearestNeighbor: resize(nearestWeights),
  ResizeBilinear: resize(bilinearWeights),
};
