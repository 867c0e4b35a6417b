import type { Builder, Value } from '../graph.ts';
import { at, elementCount } from '../host-tensor.ts';
import { binary, cast, gather, matmul, range, reduce, reshape } from '../ops.ts';
import { axisOf, type Kernel, type KernelTable, need } from './kernel.ts';

/**
 * Sums by index are products with a one-hot matrix: onnxruntime's ScatterND(add) loses updates with
 * duplicate indices on more than one thread, and ScatterElements(add) takes 50 times as long. A product has a
 * fixed order of summation, so it is deterministic.
 */
function oneHotColumns(b: Builder, ids: Value, segments: number): Value {
  const count = elementCount(ids.shape);
  const wide = reshape(b, cast(b, ids, 'int32'), [count, 1]);
  return cast(b, binary(b, 'Equal', wide, range(b, segments, 'int32')), 'float32');
}

const segmentSum: Kernel = ({ b, inputs, attributes }) => {
  const [x, ids] = [need(inputs, 'x'), need(inputs, 'segmentIds')];
  const segments = Number(attributes.numSegments);
  const count = elementCount(ids.shape);
  const rest = x.shape.slice(ids.shape.length);
  const rows = reshape(b, cast(b, x, 'float32'), [count, elementCount(rest)]);
  const sums = matmul(b, oneHotColumns(b, ids, segments), rows, true, false);
  return cast(b, reshape(b, sums, [segments, ...rest]), x.dtype);
};

/** Row-major number of each index tuple. */
function flatIndices(b: Builder, indices: Value, shape: readonly number[]): Value {
  const depth = at(indices.shape, -1);
  const strides = Int32Array.from({ length: depth }, (_, i) =>
    elementCount(shape.slice(i + 1, depth)),
  );
  const weights = b.constant(strides, { shape: [depth], dtype: 'int32' });
  return reduce(b, 'ReduceSum', binary(b, 'Mul', indices, weights), [indices.shape.length - 1]);
}

const gatherNd: Kernel = ({ b, inputs }) => {
  const [x, indices] = [need(inputs, 'params'), need(inputs, 'indices')];
  const depth = at(indices.shape, -1);
  const rest = x.shape.slice(depth);
  const rows = reshape(b, x, [elementCount(x.shape.slice(0, depth)), ...rest]);
  return gather(b, rows, flatIndices(b, indices, x.shape), 0);
};

/** tf.scatterND: duplicates add up. */
const scatterNd: Kernel = ({ b, inputs, attributes }) => {
  const [indices, updates] = [need(inputs, 'indices'), need(inputs, 'updates')];
  const shape = attributes.shape as number[];
  const depth = at(indices.shape, -1);
  const cells = elementCount(shape.slice(0, depth));
  const ids = flatIndices(b, indices, shape);
  const rest = shape.slice(depth);
  const rows = reshape(b, cast(b, updates, 'float32'), [
    elementCount(ids.shape),
    elementCount(rest),
  ]);
  const sums = matmul(b, oneHotColumns(b, ids, cells), rows, true, false);
  return cast(b, reshape(b, sums, shape), updates.dtype);
};

const gatherKernel: Kernel = ({ b, inputs, attributes, fail }) => {
  if (attributes.batchDims) fail('supports no batch dimensions');
  const x = need(inputs, 'x');
  return gather(b, x, need(inputs, 'indices'), axisOf(attributes.axis, x.shape.length));
};

export const gatherScatterKernels: KernelTable = {
  GatherV2: gatherKernel,
  GatherNd: gatherNd,
  ScatterNd: scatterNd,
  UnsortedSegmentSum: segmentSum,
};
