import * as tf from '@tensorflow/tfjs-core';
import { at } from '../host-tensor.ts';
import { inversePermutation } from '../host-transpose.ts';
import { type Gradient, type GradientTable, isList, only } from './gradient.ts';

const reshaped = (name: string): Gradient => ({
  inputsToSave: [name],
  gradFunc: (dy, [x]) => ({ [name]: () => tf.reshape(only(dy), (x as tf.Tensor).shape) }),
});

const listOf = (dy: tf.Tensor | tf.Tensor[]): tf.Tensor[] => (isList(dy) ? dy : [dy]);

/** One pad per axis, from where the part began to where the whole ends. */
function padToWhole(dy: tf.Tensor, whole: readonly number[], begin: readonly number[]): tf.Tensor {
  const paddings = whole.map((size, axis): [number, number] => {
    const before = begin[axis] ?? 0;
    return [before, size - before - at(dy.shape, axis)];
  });
  return tf.pad(dy, paddings);
}

type Shape4 = [number, number, number, number];

interface DepthToSpace {
  readonly blockSize: number;
  readonly dataFormat: 'NHWC' | 'NCHW';
}

interface StridedSlice {
  readonly begin: number[];
  readonly end: number[];
  readonly strides: number[];
  readonly beginMask: number;
  readonly endMask: number;
  readonly ellipsisMask: number;
  readonly newAxisMask: number;
  readonly shrinkAxisMask: number;
}

/** Puts every element back to where tf.stridedSlice took it, with zeros between. */
function unslice(dy: tf.Tensor, whole: number[], a: StridedSlice): tf.Tensor {
  const info = tf.slice_util.sliceInfo(
    whole,
    a.begin,
    a.end,
    a.strides,
    a.beginMask,
    a.endMask,
    a.ellipsisMask,
    a.newAxisMask,
    a.shrinkAxisMask,
  );
  const counts = whole.map((_, axis) => {
    const span = at(info.end, axis) - at(info.begin, axis);
    return Math.ceil(span / at(info.strides, axis));
  });
  // Along each axis, an element and the gap behind it: [m] -> [m, stride] -> [m * stride].
  const gaps = counts.flatMap((_, axis): [number, number][] => [
    [0, 0],
    [0, at(info.strides, axis) - 1],
  ]);
  const apart = tf.pad(
    tf.reshape(
      dy,
      counts.flatMap((count) => [count, 1]),
    ),
    gaps,
  );
  const stretched = counts.map((count, axis) => count * at(info.strides, axis));
  const kept = stretched.map((size, axis) => {
    return Math.min(size, at(whole, axis) - at(info.begin, axis));
  });
  const spread = tf.slice(
    tf.reshape(apart, stretched),
    kept.map(() => 0),
    kept,
  );
  return padToWhole(spread, whole, info.begin);
}

export const movementGradients: GradientTable = {
  Reshape: reshaped('x'),
  ExpandDims: reshaped('input'),
  Transpose: {
    gradFunc: (dy, _saved, attributes) => {
      const { perm }: { perm: number[] } = attributes;
      return { x: () => tf.transpose(only(dy), inversePermutation(perm)) };
    },
  },
  Concat: {
    saveAllInputs: true,
    gradFunc: (dy, saved, attributes) => {
      const { axis }: { axis: number } = attributes;
      const along = at(tf.util.parseAxisParam(axis, (saved[0] as tf.Tensor).shape), 0);
      const sizes = saved.map((x) => at(x.shape, along));
      return Object.fromEntries(
        sizes.map((size, index) => {
          const start = sizes.slice(0, index).reduce((sum, n) => sum + n, 0);
          const begin = only(dy).shape.map((_, a) => (a === along ? start : 0));
          const extent = only(dy).shape.map((n, a) => (a === along ? size : n));
          return [index, () => tf.slice(only(dy), begin, extent)];
        }),
      );
    },
  },
  Slice: {
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => {
      const { begin }: { begin: number | number[] } = attributes;
      return { x: () => padToWhole(only(dy), (x as tf.Tensor).shape, [begin].flat()) };
    },
  },
  StridedSlice: {
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => ({
      x: () => unslice(only(dy), (x as tf.Tensor).shape, attributes as StridedSlice),
    }),
  },
  PadV2: {
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => {
      const { paddings }: { paddings: [number, number][] } = attributes;
      const begin = paddings.map(([before]) => before);
      return { x: () => tf.slice(only(dy), begin, (x as tf.Tensor).shape) };
    },
  },
  SplitV: {
    gradFunc: (dy, _saved, attributes) => {
      const { axis }: { axis: number } = attributes;
      return { x: () => tf.concat(listOf(dy), axis) };
    },
  },
  Pack: {
    saveAllInputs: true,
    gradFunc: (dy, saved, attributes) => {
      const { axis }: { axis: number } = attributes;
      return Object.fromEntries(
        saved.map((_, index) => [index, () => tf.unstack(only(dy), axis)[index] as tf.Tensor]),
      );
    },
  },
  Unpack: {
    gradFunc: (dy, _saved, attributes) => {
      const { axis }: { axis: number } = attributes;
      return { value: () => tf.stack(listOf(dy), axis) };
    },
  },
  Tile: {
    inputsToSave: ['x'],
    gradFunc: (dy, [saved], attributes) => {
      const x = saved as tf.Tensor;
      const { reps }: { reps: number[] } = attributes;
      const split = x.shape.flatMap((size, axis) => [at(reps, axis), size]);
      const repeats = x.shape.map((_, axis) => 2 * axis);
      return { x: () => tf.sum(tf.reshape(only(dy), split), repeats) };
    },
  },
  /** From channels to blocks and back: the adjoint undoes the move. */
  DepthToSpace: {
    gradFunc: (gradient, _saved, attributes) => {
      const { blockSize: s, dataFormat }: DepthToSpace = attributes;
      const dy = only(gradient);
      const undo = (): tf.Tensor => {
        if (dataFormat === 'NCHW') {
          const [n, c, h, w] = dy.shape as Shape4;
          const parts = tf.reshape(dy, [n, c, h / s, s, w / s, s]);
          return tf.reshape(tf.transpose(parts, [0, 3, 5, 1, 2, 4]), [n, c * s * s, h / s, w / s]);
        }
        const [n, h, w, c] = dy.shape as Shape4;
        const parts = tf.reshape(dy, [n, h / s, s, w / s, s, c]);
        return tf.reshape(tf.transpose(parts, [0, 1, 3, 2, 4, 5]), [n, h / s, w / s, s * s * c]);
      };
      return { x: undo };
    },
  },
  Reverse: {
    gradFunc: (dy, _saved, attributes) => {
      const { dims }: { dims: number | number[] } = attributes;
      return { x: () => tf.reverse(only(dy), tf.util.parseAxisParam(dims, only(dy).shape)) };
    },
  },
};
