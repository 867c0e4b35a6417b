import * as tf from '@tensorflow/tfjs-core';
import type { Builder, Value } from '../graph.ts';
import { at, elementCount } from '../host-tensor.ts';
import { cast, concat, expand, gather, pad, reshape, slice, transpose } from '../ops.ts';
import { axesOf, axisOf, type Kernel, type KernelTable, need } from './kernel.ts';

/** Fills in the one -1 that tfjs allows in a shape. */
function resolveShape(shape: readonly number[], size: number): number[] {
  const known = elementCount(shape.filter((n) => n >= 0));
  return shape.map((n) => (n < 0 ? size / known : n));
}

const sliceOf = (b: Builder, x: Value, begin: readonly number[], size: readonly number[]): Value =>
  slice(
    b,
    x,
    begin,
    begin.map((start, axis) => start + at(size, axis)),
  );

/** Along one axis only. */
function sliceAxis(b: Builder, x: Value, axis: number, start: number, end: number): Value {
  const starts = x.shape.map((_, a) => (a === axis ? start : 0));
  return slice(
    b,
    x,
    starts,
    x.shape.map((size, a) => (a === axis ? end : size)),
  );
}

const sliceKernel: Kernel = ({ b, inputs, attributes }) => {
  const x = need(inputs, 'x');
  const begin = [attributes.begin].flat() as number[];
  const starts = x.shape.map((_, a) => begin[a] ?? 0);
  const size = [attributes.size].flat() as number[];
  const sizes = x.shape.map((n, a) => {
    const wanted = size[a] ?? -1;
    return wanted < 0 ? n - at(starts, a) : wanted;
  });
  return sliceOf(b, x, starts, sizes);
};

const stridedSlice: Kernel = ({ b, inputs, attributes: a, fail }) => {
  const x = need(inputs, 'x');
  const info = tf.slice_util.sliceInfo(
    [...x.shape],
    a.begin,
    a.end,
    a.strides,
    a.beginMask,
    a.endMask,
    a.ellipsisMask,
    a.newAxisMask,
    a.shrinkAxisMask,
  );
  if (info.strides.some((step) => step < 1))
    fail('supports positive strides only; tf.reverse first');
  return reshape(b, slice(b, x, info.begin, info.end, info.strides), info.finalShape);
};

const split: Kernel = ({ b, inputs, attributes }) => {
  const x = need(inputs, 'x');
  const axis = axisOf(attributes.axis, x.shape.length);
  const whole = at(x.shape, axis);
  const wanted = attributes.numOrSizeSplits as number | number[];
  const sizes =
    typeof wanted === 'number'
      ? Array.from({ length: wanted }, () => whole / wanted)
      : resolveSizes(wanted, whole);
  let start = 0;
  return sizes.map((size) => {
    start += size;
    return sliceAxis(b, x, axis, start - size, start);
  });
};

function resolveSizes(sizes: readonly number[], whole: number): number[] {
  const known = sizes.filter((n) => n >= 0).reduce((sum, n) => sum + n, 0);
  return sizes.map((n) => (n < 0 ? whole - known : n));
}

const pack: Kernel = ({ b, inputs, attributes }) => {
  const values = Object.values(inputs);
  const rank = (values[0] as Value).shape.length;
  const axis = axisOf(attributes.axis, rank + 1);
  const widened = values.map((value) => {
    const shape = [...value.shape];
    shape.splice(axis, 0, 1);
    return reshape(b, value, shape);
  });
  return concat(b, widened, axis);
};

const unpack: Kernel = ({ b, inputs, attributes }) => {
  const x = need(inputs, 'value');
  const axis = axisOf(attributes.axis, x.shape.length);
  const shape = x.shape.filter((_, a) => a !== axis);
  return Array.from({ length: at(x.shape, axis) }, (_, i) =>
    reshape(b, sliceAxis(b, x, axis, i, i + 1), shape),
  );
};

const reverse: Kernel = ({ b, inputs, attributes }) => {
  const x = need(inputs, 'x');
  return axesOf(attributes.dims, x.shape.length).reduce((value, axis) => {
    const size = at(x.shape, axis);
    const order = Int32Array.from({ length: size }, (_, i) => size - 1 - i);
    return gather(b, value, b.constant(order, { shape: [size], dtype: 'int32' }), axis);
  }, x);
};

const oneHot: Kernel = ({ b, inputs, attributes }) => {
  const indices = need(inputs, 'indices');
  const { depth, onValue = 1, offValue = 0, dtype = 'int32' } = attributes;
  const wide = reshape(b, cast(b, indices, 'int32'), [...indices.shape, 1]);
  const columns = Int32Array.from({ length: depth }, (_, i) => i);
  const shape = [...indices.shape, depth];
  const numbers = b.constant(columns, { shape: [depth], dtype: 'int32' });
  const hits = b.op('Equal', [wide, numbers], { shape, dtype: 'bool' });
  const [on, off] = [onValue, offValue].map((v) => b.splat(v, { shape: [], dtype }));
  return b.op('Where', [hits, on as Value, off as Value], { shape, dtype });
};

const depthToSpace: Kernel = ({ b, inputs, attributes }) => {
  const x = need(inputs, 'x');
  const block = Number(attributes.blockSize);
  const last = attributes.dataFormat !== 'NCHW';
  const [n, h, w, c] = (last ? x : transpose(b, x, [0, 2, 3, 1])).shape as [
    number,
    number,
    number,
    number,
  ];
  const depth = c / block ** 2;
  const input = last ? x : transpose(b, x, [0, 2, 3, 1]);
  const parts = reshape(b, input, [n, h, w, block, block, depth]);
  const woven = reshape(b, transpose(b, parts, [0, 1, 3, 2, 4, 5]), [
    n,
    h * block,
    w * block,
    depth,
  ]);
  return last ? woven : transpose(b, woven, [0, 3, 1, 2]);
};

export const movementKernels: KernelTable = {
  Reshape: ({ b, inputs, attributes }) => {
    const x = need(inputs, 'x');
    return reshape(b, x, resolveShape(attributes.shape, elementCount(x.shape)));
  },
  ExpandDims: ({ b, inputs, attributes }) => {
    const x = need(inputs, 'input');
    const shape = [...x.shape];
    shape.splice(axisOf(attributes.dim, x.shape.length + 1), 0, 1);
    return reshape(b, x, shape);
  },
  Transpose: ({ b, inputs, attributes }) => transpose(b, need(inputs, 'x'), attributes.perm),
  Tile: ({ b, inputs, attributes }) => {
    const x = need(inputs, 'x');
    const repeats = attributes.reps as number[];
    const shape = x.shape.map((size, axis) => size * at(repeats, axis));
    // tfjs broadcasts by tiling: as an Expand it can vanish into what reads it.
    if (repeats.every((count, axis) => count === 1 || x.shape[axis] === 1))
      return expand(b, x, shape);
    return b.op('Tile', [x], { shape, dtype: x.dtype }, { repeats });
  },
  Concat: ({ b, inputs, attributes }) => {
    const values = Object.values(inputs);
    return concat(b, values, axisOf(attributes.axis, (values[0] as Value).shape.length));
  },
  PadV2: ({ b, inputs, attributes }) => {
    const paddings = attributes.paddings as [number, number][];
    const [before, after] = [paddings.map((p) => p[0]), paddings.map((p) => p[1])];
    return pad(b, need(inputs, 'x'), before, after, attributes.constantValue);
  },
  MirrorPad: ({ b, inputs, attributes, fail }) => {
    if (attributes.mode !== 'reflect') fail('supports mode reflect only');
    const paddings = attributes.paddings as [number, number][];
    const [before, after] = [paddings.map((p) => p[0]), paddings.map((p) => p[1])];
    return pad(b, need(inputs, 'x'), before, after, 0, 'reflect');
  },
  Slice: sliceKernel,
  StridedSlice: stridedSlice,
  SplitV: split,
  Pack: pack,
  Unpack: unpack,
  Reverse: reverse,
  OneHot: oneHot,
  DepthToSpace: depthToSpace,
};
