import * as tf from '@tensorflow/tfjs-core';
import { type Gradient, type GradientTable, isList, only, unbroadcast } from './gradient.ts';

const reshaped = (name: string): Gradient => ({
  inputsToSave: [name],
  gradFunc: (dy, [x]) => ({ [name]: () => tf.reshape(only(dy), (x as tf.Tensor).shape) }),
});

function inversePermutation(perm: readonly number[]): number[] {
  const inverse: number[] = [];
  for (const [to, from] of perm.entries()) inverse[from] = to;
  return inverse;
}

const listOf = (dy: tf.Tensor | tf.Tensor[]): tf.Tensor[] => (isList(dy) ? dy : [dy]);

/** One pad per axis, from where the part began to where the whole ends. */
function padToWhole(dy: tf.Tensor, whole: readonly number[], begin: readonly number[]): tf.Tensor {
  const paddings = whole.map((size, axis): [number, number] => {
    const before = begin[axis] ?? 0;
    return [before, size - before - (dy.shape[axis] as number)];
  });
  return tf.pad(dy, paddings);
}

export const movementGradients: GradientTable = {
  Reshape: reshaped('x'),
  ExpandDims: reshaped('input'),
  Transpose: {
    gradFunc: (dy, _saved, attributes) => {
      const { perm } = attributes as unknown as { perm: number[] };
      return { x: () => tf.transpose(only(dy), inversePermutation(perm)) };
    },
  },
  BroadcastTo: {
    inputsToSave: ['x'],
    gradFunc: (dy, [x]) => ({ x: () => unbroadcast(only(dy), (x as tf.Tensor).shape) }),
  },
  Concat: {
    saveAllInputs: true,
    gradFunc: (dy, saved, attributes) => {
      const { axis } = attributes as unknown as { axis: number };
      const along = tf.util.parseAxisParam(axis, (saved[0] as tf.Tensor).shape)[0] as number;
      const sizes = saved.map((x) => x.shape[along] as number);
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
      const begin = [(attributes as unknown as { begin: number | number[] }).begin].flat();
      return { x: () => padToWhole(only(dy), (x as tf.Tensor).shape, begin) };
    },
  },
  PadV2: {
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => {
      const { paddings } = attributes as unknown as { paddings: [number, number][] };
      const begin = paddings.map(([before]) => before);
      return { x: () => tf.slice(only(dy), begin, (x as tf.Tensor).shape) };
    },
  },
  SplitV: {
    gradFunc: (dy, _saved, attributes) => {
      const { axis } = attributes as unknown as { axis: number };
      return { x: () => tf.concat(listOf(dy), axis) };
    },
  },
  Pack: {
    saveAllInputs: true,
    gradFunc: (dy, saved, attributes) => {
      const { axis } = attributes as unknown as { axis: number };
      return Object.fromEntries(
        saved.map((_, index) => [index, () => tf.unstack(only(dy), axis)[index] as tf.Tensor]),
      );
    },
  },
  Unpack: {
    gradFunc: (dy, _saved, attributes) => {
      const { axis } = attributes as unknown as { axis: number };
      return { value: () => tf.stack(listOf(dy), axis) };
    },
  },
  Tile: {
    inputsToSave: ['x'],
    gradFunc: (dy, [saved], attributes) => {
      const x = saved as tf.Tensor;
      const { reps } = attributes as unknown as { reps: number[] };
      const split = x.shape.flatMap((size, axis) => [reps[axis] as number, size]);
      const repeats = x.shape.map((_, axis) => 2 * axis);
      return { x: () => tf.sum(tf.reshape(only(dy), split), repeats) };
    },
  },
  Reverse: {
    gradFunc: (dy, _saved, attributes) => {
      const { dims } = attributes as unknown as { dims: number | number[] };
      return { x: () => tf.reverse(only(dy), tf.util.parseAxisParam(dims, only(dy).shape)) };
    },
  },
};
