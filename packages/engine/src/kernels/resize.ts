import type { Builder, Value } from '../graph.ts';
import { at } from '../host-tensor.ts';
import { matmul, reshape } from '../ops.ts';
import { type Kernel, type KernelTable, need } from './kernel.ts';
import { bilinearWeights, nearestWeights, type ResizeWeights } from './resize-matrix.ts';

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
